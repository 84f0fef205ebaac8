using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>Writes JWTs and key sets byte for byte, sound ones and others.</summary>
internal sealed class Forge(RSA rsa) : IDisposable
{
    /// <summary>Drawing a key takes long, and most tests need just one.</summary>
    private static readonly RSAParameters Usual = RSA.Create(2048).ExportParameters(includePrivateParameters: true);

    public const string Issuer = "https://identity-pre.schibsted.com";
    public const string Audience = "https://messages.example.com";
    public const string ClientId = "4e8463569caf7ca019000007";

    private readonly RSA _rsa = rsa;

    public Forge(int bits = 2048)
        : this(RSA.Create(bits))
    {
    }

    public string KeyId { get; init; } = Guid.NewGuid().ToString();

    public string PublicKeyPem => _rsa.ExportSubjectPublicKeyInfoPem();

    public byte[] PublicKeyDer => _rsa.ExportSubjectPublicKeyInfo();

    /// <summary>The key that most tests share, under an id of its own.</summary>
    public static Forge CreateUsual() => new(RSA.Create(Usual));

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>The claims of a client's access token that is good for a while.</summary>
    public static JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = Issuer + "/",
        ["aud"] = new JsonArray(Audience),
        ["client_id"] = ClientId,
        ["scope"] = "read:messages write:messages",
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.ToUnixTimeSeconds() + 900,
        ["jti"] = Guid.NewGuid().ToString(),
    };

    public JsonObject Header() => new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = KeyId };

    /// <summary>Signs a good token, edited.</summary>
    public string Sign(DateTimeOffset now, Action<JsonObject>? editClaims = null, Action<JsonObject>? editHeader = null)
    {
        JsonObject header = Header();
        JsonObject claims = Claims(now);
        editHeader?.Invoke(header);
        editClaims?.Invoke(claims);
        return Sign(header.ToJsonString(), claims.ToJsonString());
    }

    /// <summary>Signs whatever the header and the payload say, with RS256.</summary>
    public string Sign(string header, string payload) => Sign(header, Encoding.UTF8.GetBytes(payload));

    public string Sign(string header, ReadOnlySpan<byte> payload)
    {
        string content = $"{Encode(header)}.{Base64Url.EncodeToString(payload)}";
        byte[] signature = _rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    public string SignWith(string header, string payload, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        string content = $"{Encode(header)}.{Encode(payload)}";
        return $"{content}.{Base64Url.EncodeToString(_rsa.SignData(Encoding.ASCII.GetBytes(content), hash, padding))}";
    }

    public JsonObject Key(Action<JsonObject>? edit = null)
    {
        RSAParameters parameters = _rsa.ExportParameters(includePrivateParameters: false);
        var key = new JsonObject
        {
            ["kty"] = "RSA",
            ["alg"] = "RS256",
            ["use"] = "sig",
            ["kid"] = KeyId,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
        edit?.Invoke(key);
        return key;
    }

    public static string KeySet(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) }.ToJsonString();

    public void Dispose() => _rsa.Dispose();
}
