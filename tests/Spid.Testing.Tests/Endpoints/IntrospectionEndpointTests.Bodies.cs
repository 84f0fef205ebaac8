using System.Text.Json;
using Spid.Testing.Behavior;

namespace Spid.Testing.Tests.Endpoints;

public sealed partial class IntrospectionEndpointTests
{
    private const string Audience = "https://service.example.com/messages";

    [Test]
    public async Task Introspect_FullBody_RepeatsSubjectAndTokenId()
    {
        await StartAsync();

        var answer = await IntrospectAsync(Spid.Issue(new() { Kind = SpidTokenKind.UserAccess, Scope = "a", Audience = [Audience] }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Guid.TryParse(answer.Json.GetProperty("sub").GetString(), out _), Is.True);
            Assert.That(answer.Names(), Does.Contain("jti").And.Contain("iat").And.Contain("exp").And.Contain("scope"));
            Assert.That(answer.Json.GetProperty("aud").EnumerateArray().Select(one => one.GetString()), Is.EqualTo(new[] { Audience }));
        }
    }

    [TestCase("https://login.example.com")]
    [TestCase("https://login.example.com/")]
    public async Task Introspect_FullBody_EndsTheIssuerWithASlash(string issuer)
    {
        await StartAsync(options => options.Issuer = issuer);

        var answer = await IntrospectAsync(Spid.Issue());

        Assert.That(answer.Json.GetProperty("iss").GetString(), Is.EqualTo("https://login.example.com/"));
    }

    [Test]
    public async Task Introspect_WithNow_LeavesIssuerAndAudienceOut()
    {
        await StartAsync(options => options.Behavior.IntrospectionBody = SpidIntrospectionBody.WithNow);
        var token = Spid.Issue(new() { Scope = "a", Audience = [Audience] });
        Clock.Advance(TimeSpan.FromSeconds(7));

        var answer = await IntrospectAsync(token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Names(), Is.EquivalentTo(new[] { "active", "token_type", "scope", "client_id", "exp", "now" }));
            Assert.That(answer.Json.GetProperty("now").GetInt64(), Is.EqualTo(Clock.GetUtcNow().ToUnixTimeSeconds()));
        }
    }

    [Test]
    public async Task Introspect_ServiceToService_LeavesTheSlashOut()
    {
        await StartAsync(options => options.Behavior.IntrospectionBody = SpidIntrospectionBody.ServiceToService);

        var answer = await IntrospectAsync(Spid.Issue(new() { Scope = "a", Audience = [Audience] }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Names(), Is.EquivalentTo(new[] { "active", "token_type", "scope", "client_id", "exp", "iat", "iss", "aud" }));
            Assert.That(answer.Json.GetProperty("iss").GetString(), Is.EqualTo(Spid.Issuer.TrimEnd('/')));
        }
    }

    [Test]
    public async Task Introspect_Edit_ChangesTheBody()
    {
        await StartAsync(options => options.Behavior.EditIntrospectionBody = body => body["active"] = "true");

        var answer = await IntrospectAsync(Spid.Issue());

        Assert.That(answer.Json.GetProperty("active").ValueKind, Is.EqualTo(JsonValueKind.String));
    }
}
