using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Spid.Testing.Keys;

/// <summary>Holds one RSA key of 2048 bits that signs tokens.</summary>
/// <remarks>Safe for use from several threads. The private half never leaves the object.</remarks>
public sealed class SpidSigningKey
{
    private readonly RSAParameters _parameters;

    /// <summary>Makes a key that is neither published nor used yet; see <see cref="SpidKeys"/>.</summary>
    public SpidSigningKey()
    {
        using var rsa = RSA.Create(2048);
        _parameters = rsa.ExportParameters(includePrivateParameters: true);
        PublicKeyPem = rsa.ExportSubjectPublicKeyInfoPem();
        Credentials = new RsaSecurityKey(_parameters) { KeyId = KeyId };
    }

    /// <summary>Gets the <c>kid</c> of the key in JWKS and token headers: a random UUID.</summary>
    public string KeyId { get; } = Guid.NewGuid().ToString();

    /// <summary>Gets the public half as PEM, to verify a token without the JWKS.</summary>
    public string PublicKeyPem { get; }

    internal RsaSecurityKey Credentials { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(SpidSigningKey)} {KeyId}";

    internal JsonObject ToJson() => new()
    {
        ["kty"] = "RSA",
        ["alg"] = "RS256",
        ["kid"] = KeyId,
        ["use"] = "sig",
        ["n"] = Base64Url.EncodeToString(_parameters.Modulus),
        ["e"] = Base64Url.EncodeToString(_parameters.Exponent),
    };
}
