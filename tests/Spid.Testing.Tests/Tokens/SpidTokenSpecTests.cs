using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Tokens;

public sealed partial class SpidTokenSpecTests
{
    private const string Audience = "https://service.example.com/";

    private SpidServer _spid = null!;

    [SetUp]
    public void CreateServer() => _spid = SpidServer.Create(options => SharedKeys.All.ToList().ForEach(options.Keys.Add));

    [TearDown]
    public async Task DisposeServerAsync() => await _spid.DisposeAsync();

    [TestCase(SpidTokenKind.ClientAccess, "JWT", "RS256", true, 900, "iss,iat,exp,aud,scope,client_id,jti")]
    [TestCase(SpidTokenKind.UserAccess, "JWT", "RS256", true, 600, "iss,iat,exp,class,sub,aud,azp,client_id,user_id,jti,scope")]
    [TestCase(SpidTokenKind.UserAccessHs256, "JWS", "HS256", false, 600, "iss,iat,exp,class,sub,aud,azp,client_id,user_id,scope")]
    [TestCase(SpidTokenKind.IdToken, "JWT", "RS256", true, 600, "iss,iat,exp,class,sub,aud,azp,legacy_user_id")]
    [TestCase(SpidTokenKind.RefreshHs256, "JWS", "HS256", false, 600, "iss,iat,exp,class,ajti,aud,client_id,user_id,scope")]
    [TestCase(SpidTokenKind.UserAccess2024, null, "HS256", false, 60, "iss,iat,exp,sub,aud,type,user_id,client_id,jti,scope")]
    [TestCase(SpidTokenKind.IdToken2024, null, "RS256", true, 600, "iss,iat,exp,sub,aud,acr,amr,auth_time,nonce,legacy_user_id")]
    [TestCase(SpidTokenKind.Refresh2024, null, "HS256", false, 600, "iss,iat,exp,sub,aud,type,user_id,client_id,jti,scope,sid")]
    public void Issue_Kind_HasTheCapturedHeaderAndClaims(SpidTokenKind kind, string? type, string algorithm, bool hasKeyId, int seconds, string claims)
    {
        var token = Jwt.Read(_spid.Issue(new() { Kind = kind, Scope = "a b", Audience = [Audience] }));

        var payload = PayloadOf(token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.TryGetHeaderValue<string>("typ", out var typ) ? typ : null, Is.EqualTo(type));
            Assert.That(token.Alg, Is.EqualTo(algorithm));
            Assert.That(token.TryGetHeaderValue<string>("kid", out _), Is.EqualTo(hasKeyId));
            Assert.That(payload.EnumerateObject().Select(claim => claim.Name), Is.EquivalentTo(claims.Split(',')));
            Assert.That(payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64(), Is.EqualTo(seconds));
        }
    }

    [TestCase(SpidTokenKind.UserAccess, "class", "token.OAuthUserAccessToken")]
    [TestCase(SpidTokenKind.IdToken, "class", "token.IDToken")]
    [TestCase(SpidTokenKind.RefreshHs256, "class", "token.OAuthUserRefreshToken")]
    [TestCase(SpidTokenKind.UserAccess2024, "type", "access")]
    [TestCase(SpidTokenKind.Refresh2024, "type", "refresh")]
    public void Issue_Kind_NamesItsClass(SpidTokenKind kind, string claim, string value) =>
        Assert.That(PayloadOf(Jwt.Read(_spid.Issue(new() { Kind = kind }))).GetProperty(claim).GetString(), Is.EqualTo(value));

    [Test]
    public void Issue_Kind_ShapesTheAudience()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AudienceOf(SpidTokenKind.ClientAccess, Audience).ToString(), Is.EqualTo($"[\"{Audience}\"]"));
            Assert.That(AudienceOf(SpidTokenKind.UserAccess, Audience).ToString(), Is.EqualTo(Audience));
            Assert.That(AudienceOf(SpidTokenKind.UserAccess).ToString(), Is.EqualTo("https://service.example.com/"));
            Assert.That(AudienceOf(SpidTokenKind.IdToken, Audience)[0].GetString(), Is.EqualTo(_spid.ClientId));
            Assert.That(AudienceOf(SpidTokenKind.IdToken, Audience)[1].GetString(), Is.EqualTo(Audience));
            Assert.That(AudienceOf(SpidTokenKind.UserAccess2024, Audience).ToString(), Is.EqualTo(_spid.ClientId));
        }
    }

    [Test]
    public void Issue_NoSpec_IsAnAccessTokenOfTheDefaultClientWithoutScope()
    {
        var payload = PayloadOf(Jwt.Read(_spid.Issue()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(payload.GetProperty("client_id").GetString(), Is.EqualTo(_spid.ClientId));
            Assert.That(payload.GetProperty("iss").GetString(), Is.EqualTo("https://spid.test/"));
            Assert.That(payload.TryGetProperty("scope", out _), Is.False);
        }
    }

    [Test]
    public void Issue_TwiceInTheSameSecond_MakesDifferentTokens()
    {
        var first = _spid.Issue();

        Assert.That(_spid.Issue(), Is.Not.EqualTo(first));
    }

    [Test]
    public void Issue_UnknownKind_Throws() =>
        Assert.That(() => _spid.Issue(new() { Kind = (SpidTokenKind)99 }), Throws.ArgumentException.With.Message.Contains("99"));

    [Test]
    public void Issue_OwnClaimsAndHeader_ReplaceAddAndLeaveOut()
    {
        var token = Jwt.Read(_spid.Issue(new()
        {
            ClientId = "someone",
            Issuer = "https://issuer.example.com",
            Claims = { ["scope"] = null, ["aud"] = "plain", ["extra"] = true },
            OmittedClaims = ["exp"],
            Header = { ["kid"] = "unknown", ["crit"] = "b64" },
            OmittedHeader = ["typ"],
        }));

        var payload = PayloadOf(token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(payload.GetProperty("client_id").GetString(), Is.EqualTo("someone"));
            Assert.That(payload.GetProperty("iss").GetString(), Is.EqualTo("https://issuer.example.com"));
            Assert.That(payload.GetProperty("scope").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(payload.GetProperty("aud").GetString(), Is.EqualTo("plain"));
            Assert.That(payload.GetProperty("extra").GetBoolean(), Is.True);
            Assert.That(payload.TryGetProperty("exp", out _), Is.False);
            Assert.That(token.Kid, Is.EqualTo("unknown"));
            Assert.That(token.TryGetHeaderValue<string>("crit", out _), Is.True);
            Assert.That(token.TryGetHeaderValue<string>("typ", out _), Is.False);
        }
    }

    [Test]
    public void Issue_OwnTimes_SetsIssueAndExpiry()
    {
        var issuedAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var payload = PayloadOf(Jwt.Read(_spid.Issue(new() { IssuedAt = issuedAt, Lifetime = TimeSpan.FromSeconds(-5) })));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(payload.GetProperty("iat").GetInt64(), Is.EqualTo(issuedAt.ToUnixTimeSeconds()));
            Assert.That(payload.GetProperty("exp").GetInt64(), Is.EqualTo(issuedAt.ToUnixTimeSeconds() - 5));
        }
    }

    [Test]
    public void ToString_Any_NamesTheKindOnly() =>
        Assert.That(new SpidTokenSpec { Kind = SpidTokenKind.IdToken, ClientId = "someone" }.ToString(), Is.EqualTo("SpidTokenSpec IdToken"));

    private static JsonElement PayloadOf(JsonWebToken token)
    {
        using var document = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.EncodedPayload));
        return document.RootElement.Clone();
    }

    private JsonElement AudienceOf(SpidTokenKind kind, params string[] audience) =>
        PayloadOf(Jwt.Read(_spid.Issue(new() { Kind = kind, Audience = audience }))).GetProperty("aud");
}
