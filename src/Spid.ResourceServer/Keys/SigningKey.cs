using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Spid.ResourceServer.Keys;

/// <summary>One public key of SPiD.</summary>
internal sealed class SigningKey(string keyId, string? algorithm, RsaSecurityKey material)
{
    /// <summary>The library's own cache of providers spans the process; with one for each key, a key that SPiD has withdrawn leaves memory with it.</summary>
    private readonly ConcurrentDictionary<string, SignatureProvider> _providers = new(StringComparer.Ordinal);

    public string KeyId { get; } = keyId;

    /// <summary>Gets the only algorithm that the key set allows for the key; <see langword="null"/> when it does not say.</summary>
    public string? Algorithm { get; } = algorithm;

    public RsaSecurityKey Material { get; } = material;

    /// <summary>Says whether another key is this one, so that what this one has vouched for stands.</summary>
    public bool IsSameAs(SigningKey other) => Algorithm == other.Algorithm && AgreesWith(other);

    /// <summary>Says whether two entries of a key set describe one key; one of them may leave the algorithm open.</summary>
    public bool AgreesWith(SigningKey other) =>
        KeyId == other.KeyId
        && (Algorithm is null || other.Algorithm is null || Algorithm == other.Algorithm)
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
        byte[] signature = Base64Url.DecodeFromChars(token.AsSpan(end + 1));

        // RFC 8017 section 8.2.2: a signature is as long as the modulus. Most forgeries end here.
        return signature.Length == Material.Parameters.Modulus!.Length
            && _providers.GetOrAdd(tokenAlgorithm, CreateProvider).Verify(Encoding.ASCII.GetBytes(token, 0, end), signature);
    }

    private SignatureProvider CreateProvider(string tokenAlgorithm) =>
        new CryptoProviderFactory { CacheSignatureProviders = false }.CreateForVerifying(Material, tokenAlgorithm);
}
