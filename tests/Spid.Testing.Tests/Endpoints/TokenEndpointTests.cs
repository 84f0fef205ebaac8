using System.Text.RegularExpressions;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed partial class TokenEndpointTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Token_ModernBackend_ReturnsJwtForFifteenMinutes()
    {
        await StartAsync();

        var answer = await TokenAsync(("scope", "read:messages write:messages"));

        var token = Jwt.Read(answer.AccessToken!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Names(), Is.EquivalentTo(new[] { "access_token", "expires_in", "scope", "token_type" }));
            Assert.That(answer.Json.GetProperty("expires_in").GetInt64(), Is.EqualTo(900));
            Assert.That(answer.Json.GetProperty("scope").GetString(), Is.EqualTo("read:messages write:messages"));
            Assert.That(answer.Json.GetProperty("token_type").GetString(), Is.EqualTo("Bearer"));
            Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
            Assert.That(answer.Headers["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(token.GetClaim("client_id").Value, Is.EqualTo(Spid.ClientId));
            Assert.That(token.GetClaim("iss").Value, Is.EqualTo(Spid.Issuer));
            Assert.That(token.GetClaim("exp").Value, Is.EqualTo($"{Clock.GetUtcNow().ToUnixTimeSeconds() + 900}"));
        }
    }

    [Test]
    public async Task Token_LegacyBackend_ReturnsOpaqueTokenForAWeek()
    {
        await StartAsync();

        var answer = await LegacyTokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.AccessToken, Does.Match(OpaqueToken()));
            Assert.That(answer.Json.GetProperty("refresh_token").GetString(), Does.Match(OpaqueToken()));
            Assert.That(answer.Json.GetProperty("expires_in").GetInt64(), Is.EqualTo(604800));
            Assert.That(answer.Json.GetProperty("scope").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
            Assert.That(answer.Json.GetProperty("user_id").GetBoolean(), Is.False);
            Assert.That(answer.Json.GetProperty("is_admin").GetBoolean(), Is.False);
            Assert.That(answer.Json.GetProperty("server_time").GetInt64(), Is.EqualTo(Clock.GetUtcNow().ToUnixTimeSeconds()));
            Assert.That(answer.Json.GetProperty("token_type").GetString(), Is.EqualTo("Bearer"));
        }
    }

    [Test]
    public async Task Token_WrongSecretAtLegacyBackend_Returns400WithFlatError()
    {
        await StartAsync();
        Spid.DefaultClient.RegenerateSecret();
        var stale = new SpidClientRegistration { ClientId = Spid.ClientId, ClientSecret = "stale" };

        var answer = await PostAsync("oauth/token", stale, modern: false, ("grant_type", "client_credentials"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_client_credentials"));
            Assert.That(answer.Json.GetProperty("error_code").GetString(), Is.EqualTo("400 Bad Request"));
            Assert.That(answer.Json.GetProperty("type").GetString(), Is.EqualTo("OAuthException"));
            Assert.That(answer.Names(), Does.Not.Contain("error_description"));
        }
    }

    [GeneratedRegex("^[0-9a-f]{40}$", RegexOptions.NonBacktracking)]
    private static partial Regex OpaqueToken();
}
