using Spid.Testing.Behavior;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed partial class IntrospectionEndpointTests
{
    private readonly SpidClientRegistration _api = new() { Merchant = "other", ResourceDomains = ["service.example.com"] };

    [Test]
    public async Task Introspect_SameMerchant_SeesTheToken()
    {
        await StartAsync();
        var sibling = Spid.Clients.Add(new SpidClientRegistration());

        Assert.That(await SeesAsync(sibling, Spid.Issue()), Is.True);
    }

    [Test]
    public async Task Introspect_OtherMerchantWithoutAudience_SeesInactive()
    {
        await StartAsync(options => options.Clients.Add(_api));

        Assert.That(await SeesAsync(_api, Spid.Issue()), Is.False);
    }

    [TestCase("https://service.example.com/messages", true)]
    [TestCase("https://service.example.com", true)]
    [TestCase("https://elsewhere.example.com", false)]
    [TestCase("someone", false)]
    public async Task Introspect_OtherMerchant_SeesTokensForItsDomainOnly(string audience, bool sees)
    {
        await StartAsync(options => options.Clients.Add(_api));

        Assert.That(await SeesAsync(_api, Spid.Issue(new() { Audience = [audience] })), Is.EqualTo(sees));
    }

    [Test]
    public async Task Introspect_ClientIdInAudience_SeesTheToken()
    {
        await StartAsync(options => options.Clients.Add(_api));

        Assert.That(await SeesAsync(_api, Spid.Issue(new() { Audience = [_api.ClientId] })), Is.True);
    }

    [Test]
    public async Task Introspect_AnyoneMay_SeesTokensOfOtherMerchants()
    {
        await StartAsync(options => options.Clients.Add(_api));
        Spid.Behavior.IntrospectionRule = SpidIntrospectionRule.Anyone;

        Assert.That(await SeesAsync(_api, Spid.Issue()), Is.True);
    }

    [TestCase(SpidTokenKind.Opaque, false)]
    [TestCase(SpidTokenKind.IdToken, false)]
    [TestCase(SpidTokenKind.IdToken2024, false)]
    [TestCase(SpidTokenKind.RefreshHs256, false)]
    [TestCase(SpidTokenKind.Refresh2024, false)]
    [TestCase(SpidTokenKind.UserAccess, true)]
    [TestCase(SpidTokenKind.UserAccessHs256, true)]
    [TestCase(SpidTokenKind.UserAccess2024, true)]
    public async Task Introspect_Kind_IsActiveForJwtAccessTokensOnly(SpidTokenKind kind, bool active)
    {
        await StartAsync();

        Assert.That(await SeesAsync(Spid.DefaultClient, Spid.Issue(new() { Kind = kind })), Is.EqualTo(active));
    }

    [Test]
    public async Task Introspect_UnknownToken_SeesInactive()
    {
        await StartAsync();

        Assert.That(await SeesAsync(Spid.DefaultClient, "garbage"), Is.False);
    }

    [Test]
    public async Task Introspect_BearerOfTheAskingClient_IsAccepted()
    {
        await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/introspect") { Content = Forms.Content(("token", Spid.Issue())) };
        request.Headers.Authorization = Forms.Bearer(Spid.Issue());

        var answer = await SendAsync(request);

        Assert.That(answer.Json.GetProperty("active").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Introspect_UnknownBearer_Returns401()
    {
        await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/introspect") { Content = Forms.Content(("token", Spid.Issue())) };
        request.Headers.Authorization = Forms.Bearer("garbage");

        var answer = await SendAsync(request);

        Assert.That(answer.Status, Is.EqualTo(401));
    }

    [TestCase(true, "invalid_client")]
    [TestCase(false, "invalid_client_credentials")]
    public async Task Introspect_WrongSecret_Returns401(bool modern, string error)
    {
        await StartAsync();
        var wrong = new SpidClientRegistration { ClientId = Spid.ClientId };

        var answer = await PostAsync("oauth/introspect", wrong, modern, ("token", Spid.Issue()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(401));
            Assert.That(answer.Error, Is.EqualTo(error));
            Assert.That(answer.Headers["WWW-Authenticate"], Does.StartWith("Basic"));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Introspect_NoToken_Returns400(bool empty)
    {
        await StartAsync();
        (string, string)[] form = empty ? [("token", "")] : [];

        var answer = await PostAsync("oauth/introspect", Spid.DefaultClient, modern: true, form);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_request"));
        }
    }

    private async Task<bool> SeesAsync(SpidClientRegistration client, string token) =>
        (await IntrospectAsync(token, client)).Json.GetProperty("active").GetBoolean();
}
