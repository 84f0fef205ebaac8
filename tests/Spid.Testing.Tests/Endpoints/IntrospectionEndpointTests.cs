using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed partial class IntrospectionEndpointTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Introspect_OwnToken_ReturnsItsClaims()
    {
        await StartAsync();
        var token = (await TokenAsync(("scope", "read:messages"))).AccessToken!;

        var answer = await IntrospectAsync(token);

        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Json.GetProperty("active").GetBoolean(), Is.True);
            Assert.That(answer.Json.GetProperty("client_id").GetString(), Is.EqualTo(Spid.ClientId));
            Assert.That(answer.Json.GetProperty("scope").GetString(), Is.EqualTo("read:messages"));
            Assert.That(answer.Json.GetProperty("token_type").GetString(), Is.EqualTo("Bearer"));
            Assert.That(answer.Json.GetProperty("iss").GetString(), Is.EqualTo(Spid.Issuer).And.EndsWith("/"));
            Assert.That(answer.Json.GetProperty("iat").GetInt64(), Is.EqualTo(now));
            Assert.That(answer.Json.GetProperty("exp").GetInt64(), Is.EqualTo(now + 900));
        }
    }

    [Test]
    public async Task Introspect_TokenAtItsExpiry_ReturnsOnlyInactive()
    {
        await StartAsync();
        var token = (await TokenAsync()).AccessToken!;
        Clock.Advance(TimeSpan.FromSeconds(900));

        var answer = await IntrospectAsync(token);

        Assert.That(answer.Text, Is.EqualTo("""{"active":false}"""));
    }
}
