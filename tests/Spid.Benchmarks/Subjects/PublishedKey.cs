using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Spid.Benchmarks.Subjects;

/// <summary>A signing key, the tokens that it signs, and the two endpoints that know it.</summary>
internal sealed class PublishedKey : IDisposable
{
    public const string Issuer = "https://identity-pre.schibsted.com";
    public const string Audience = "https://messages.example.com";

    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString() };
    private readonly JsonWebTokenHandler _writer = new();
    private string[] _keyIds;
    private int _keyFetches;
    private int _introspections;

    public PublishedKey() => _keyIds = [_key.KeyId];

    public SecurityKey SecurityKey => _key;

    /// <summary>Gets or sets the answer to introspections of some tokens, by the request's body; <see langword="null"/> leaves the usual one.</summary>
    public Func<string, HttpResponseMessage?> AnswerOtherwise { get; set; } = _ => null;

    public int KeyFetches => Volatile.Read(ref _keyFetches);

    public int Introspections => Volatile.Read(ref _introspections);

    /// <summary>Publishes the key under another id too.</summary>
    public void Rotate(string keyId) => Volatile.Write(ref _keyIds, [_keyIds[^1], keyId]);

    /// <summary>Writes the token of a client as SPiD does, under another key id, with another type or of another issuer if one is given.</summary>
    public string Issue(string? keyId = null, string type = "JWT", string issuer = Issuer) => _writer.CreateToken(new SecurityTokenDescriptor
    {
        TokenType = type,
        Issuer = issuer,
        Audience = Audience,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(15),
        SigningCredentials = new SigningCredentials(keyId is null ? _key : new RsaSecurityKey(_key.Rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256),
        Claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["client_id"] = "4e8463569caf7ca019000007",
            ["scope"] = "read:messages write:messages",
            ["jti"] = Guid.NewGuid().ToString(),
        },
    });

    public HttpMessageHandler CreateHandler() => new Endpoints(this);

    public void Dispose() => _key.Rsa.Dispose();

    private static HttpResponseMessage Answer(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };

    private string KeySet()
    {
        RSAParameters parameters = _key.Rsa.ExportParameters(includePrivateParameters: false);
        IEnumerable<string> keys = Volatile.Read(ref _keyIds).Select(keyId =>
            $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{keyId}}","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}""");
        return $$"""{"keys":[{{string.Join(',', keys)}}]}""";
    }

    private sealed class Endpoints(PublishedKey key) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/oauth/jwks")
            {
                Interlocked.Increment(ref key._keyFetches);
                return Answer(key.KeySet());
            }

            Interlocked.Increment(ref key._introspections);
            if (key.AnswerOtherwise(await request.Content!.ReadAsStringAsync(cancellationToken)) is { } other)
            {
                return other;
            }

            long expiry = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 900;
            return Answer($$"""{"active":true,"iss":"{{Issuer}}/","aud":["{{Audience}}"],"scope":"read:messages","client_id":"4e8463569caf7ca019000007","exp":{{expiry}}}""");
        }
    }
}
