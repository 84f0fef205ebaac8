using System.Buffers.Text;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Spid.ResourceServer.Keys;

/// <summary>One public key of SPiD.</summary>
internal sealed class SigningKey(string keyId, string? algorithm, RsaSecurityKey material)
{
    /// <summary>Without the platform-wide cache of providers: a key that SPiD has withdrawn must not stay in memory.</summary>
    private readonly CryptoProviderFactory _factory = new() { CacheSignatureProviders = false };

    public string KeyId { get; } = keyId;

    /// <summary>Gets the only algorithm that the key set allows for the key; <see langword="null"/> when it does not say.</summary>
    public string? Algorithm { get; } = algorithm;

    public RsaSecurityKey Material { get; } = material;

    /// <summary>Says whether another key is this one, so that what this one has vouched for stands.</summary>
    public bool IsSameAs(SigningKey other) =>
        KeyId == other.KeyId
        && Algorithm == other.Algorithm
        && Material.Parameters.Modulus.AsSpan().SequenceEqual(other.Material.Parameters.Modulus)
        && Material.Parameters.Exponent.AsSpan().SequenceEqual(other.Material.Parameters.Exponent);

    /// <summary>Verifies a signature and nothing else. The token has three parts of base64url.</summary>
    public bool HasSigned(string token, string tokenAlgorithm)
    {
        if (Algorithm is not null && Algorithm != tokenAlgorithm)
        {
            return false;
        }

        int end = token.LastIndexOf('.');
        SignatureProvider provider = _factory.CreateForVerifying(Material, tokenAlgorithm);
        try
        {
            return provider.Verify(Encoding.ASCII.GetBytes(token, 0, end), Base64Url.DecodeFromChars(token.AsSpan(end + 1)));
        }
        finally
        {
            _factory.ReleaseSignatureProvider(provider);
        }
    }
}
