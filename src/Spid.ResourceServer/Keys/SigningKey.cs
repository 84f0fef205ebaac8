using Microsoft.IdentityModel.Tokens;

namespace Spid.ResourceServer.Keys;

/// <summary>One public key of SPiD.</summary>
internal sealed class SigningKey(string keyId, string? algorithm, RsaSecurityKey material)
{
    public string KeyId { get; } = keyId;

    /// <summary>Gets the only algorithm that the key set allows for the key; <see langword="null"/> when it does not say.</summary>
    public string? Algorithm { get; } = algorithm;

    public RsaSecurityKey Material { get; } = material;

    /// <summary>Verifies a signature and nothing else.</summary>
    public Task<bool> HasSignedAsync(string token, string tokenAlgorithm) => throw new NotImplementedException();
}
