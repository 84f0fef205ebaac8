using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Spid.AotSmoke;

/// <summary>SPiD as a verifier sees it: a key set, an introspection endpoint, and tokens.</summary>
internal sealed class StubKeys : HttpMessageHandler
{
    public const string Audience = "https://messages.example.com/api";

    private readonly RSA _rsa = RSA.Create(2048);

    public string Issue(string algorithm = "RS256")
    {
        long expiry = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 900;
        string content = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"smoke"}""")}.{Encode($$"""{"iss":"https://identity-pre.schibsted.com/","aud":"{{Audience}}","client_id":"caller","scope":"read:messages","exp":{{expiry}}}""")}";
        return $"{content}.{Base64Url.EncodeToString(_rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RSAParameters key = _rsa.ExportParameters(includePrivateParameters: false);
        string body = request.RequestUri!.AbsolutePath == "/oauth/jwks"
            ? $$"""{"keys":[{"kty":"RSA","kid":"smoke","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}"""
            : $$"""{"active":true,"client_id":"introspected","scope":"read:messages","aud":["{{Audience}}"],"exp":9999999999}""";
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }

    protected override void Dispose(bool disposing)
    {
        _rsa.Dispose();
        base.Dispose(disposing);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
