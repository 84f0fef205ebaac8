using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Spid.Testing.Keys;

namespace Spid.Testing.Tokens;

/// <summary>Writes compact JWS (RFC 7515, section 7.1) with full control of the header, which hostile tokens need.</summary>
internal sealed class JwtWriter(SpidKeys keys)
{
    private readonly Lazy<SpidSigningKey> _foreign = new(() => new SpidSigningKey());
    private readonly SymmetricSecurityKey _secret = new(RandomNumberGenerator.GetBytes(64));

    public string Write(SpidTokenSpec spec, JsonObject claims)
    {
        var key = spec.Key ?? keys.Current;
        var header = HeaderOf(spec, key);
        JsonEdits.Apply(header, spec.Header, spec.OmittedHeader);
        var content = $"{Encode(header)}.{Encode(claims)}";
        if (spec.Signature is SpidSignature.None)
        {
            return content + ".";
        }

        var signature = Sign(Encoding.ASCII.GetBytes(content), header["alg"]?.ToString(), SecurityKeyOf(spec, key));
        if (spec.Signature is SpidSignature.Corrupt)
        {
            signature[^1] ^= 1;
        }

        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private static JsonObject HeaderOf(SpidTokenSpec spec, SpidSigningKey key)
    {
        var header = new JsonObject();
        if (TypeOf(spec.Kind) is { } type)
        {
            header["typ"] = type;
        }

        header["alg"] = spec.Signature switch
        {
            SpidSignature.None => "none",
            SpidSignature.PublicKeyAsSecret => SecurityAlgorithms.HmacSha256,
            _ => IsSymmetric(spec.Kind) ? SecurityAlgorithms.HmacSha256 : SecurityAlgorithms.RsaSha256,
        };
        if (!IsSymmetric(spec.Kind))
        {
            header["kid"] = key.KeyId;
        }

        return header;
    }

    private static string? TypeOf(SpidTokenKind kind) => kind switch
    {
        SpidTokenKind.ClientAccess or SpidTokenKind.UserAccess or SpidTokenKind.IdToken => "JWT",
        SpidTokenKind.UserAccessHs256 or SpidTokenKind.RefreshHs256 => "JWS",
        _ => null,
    };

    private static bool IsSymmetric(SpidTokenKind kind) =>
        kind is SpidTokenKind.UserAccessHs256 or SpidTokenKind.RefreshHs256 or SpidTokenKind.UserAccess2024 or SpidTokenKind.Refresh2024;

    private SecurityKey SecurityKeyOf(SpidTokenSpec spec, SpidSigningKey key) => spec.Signature switch
    {
        SpidSignature.PublicKeyAsSecret => new SymmetricSecurityKey(Encoding.ASCII.GetBytes(key.PublicKeyPem)),
        SpidSignature.ForeignKey when !IsSymmetric(spec.Kind) => _foreign.Value.Credentials,
        SpidSignature.ForeignKey => new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(64)),
        _ => IsSymmetric(spec.Kind) ? _secret : key.Credentials,
    };

    private static byte[] Sign(byte[] content, string? algorithm, SecurityKey key)
    {
        // An alg the key cannot sign with, "rs256" for one, still stands in the header: that mismatch is what the test wants.
        var factory = key.CryptoProviderFactory;
        var usable = algorithm is not null && factory.IsSupportedAlgorithm(algorithm, key)
            ? algorithm
            : key is SymmetricSecurityKey ? SecurityAlgorithms.HmacSha256 : SecurityAlgorithms.RsaSha256;
        var provider = factory.CreateForSigning(key, usable);
        try
        {
            return provider.Sign(content);
        }
        finally
        {
            factory.ReleaseSignatureProvider(provider);
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
