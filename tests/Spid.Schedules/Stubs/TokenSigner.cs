using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Spid.Schedules.Stubs;

/// <summary>Signs tokens and writes key sets, with one RSA key under any id. Used before schedules begin: scenarios keep what they need in static fields.</summary>
internal static class TokenSigner
{
    public const string ClientId = "0123456789abcdef01234567";
    public const string Audience = "https://messages.example.com";

    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly RSAParameters PublicKey = Rsa.ExportParameters(includePrivateParameters: false);

    /// <summary>Signs a good token that lives longer than any scenario.</summary>
    public static ReadOnlyMemory<char> Sign(string keyId, string audience = Audience)
    {
        string header = $$"""{"typ":"JWT","alg":"RS256","kid":"{{keyId}}"}""";
        string content = $"{Encode(header)}.{Encode(Claims(audience))}";
        return $"{content}.{Base64Url.EncodeToString(Rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}".AsMemory();
    }

    public static string Claims(string audience = Audience)
    {
        long now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        return $$"""{"iss":"https://identity-pre.schibsted.com","aud":"{{audience}}","client_id":"{{ClientId}}","scope":"read","iat":{{now}},"exp":{{now + 86_400}}}""";
    }

    /// <summary>Writes what introspection says of a good token.</summary>
    public static string ActiveAnswer() => $$"""{"active":true,{{Claims()[1..]}}""";

    public static string KeySet(params string[] keyIds) => $$"""{"keys":[{{string.Join(',', keyIds.Select(Key))}}]}""";

    private static string Key(string keyId) =>
        $$"""{"kty":"RSA","use":"sig","kid":"{{keyId}}","n":"{{Base64Url.EncodeToString(PublicKey.Modulus)}}","e":"{{Base64Url.EncodeToString(PublicKey.Exponent)}}"}""";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
