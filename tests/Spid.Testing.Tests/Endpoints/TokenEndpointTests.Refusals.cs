using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed partial class TokenEndpointTests
{
    [Test]
    public async Task Token_WrongSecretAtModernBackend_Returns400WithRfcError()
    {
        await StartAsync();
        var wrong = new SpidClientRegistration { ClientId = Spid.ClientId };

        var answer = await PostAsync("oauth/token", wrong, modern: true, ("grant_type", "client_credentials"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_client"));
            Assert.That(answer.Names(), Is.EquivalentTo(new[] { "error", "error_description" }));
        }
    }

    [TestCase(false, "invalid_client_id")]
    [TestCase(true, "invalid_client")]
    public async Task Token_UnknownClient_Returns400(bool modern, string error)
    {
        await StartAsync();

        var answer = await PostAsync("oauth/token", new SpidClientRegistration(), modern, ("grant_type", "client_credentials"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo(error));
        }
    }

    [Test]
    public async Task Token_NoCredentials_Returns400()
    {
        await StartAsync();

        var answer = await PostAsync("oauth/token", client: null, modern: true, ("grant_type", "client_credentials"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_client"));
        }
    }

    [TestCase(null, "invalid_request")]
    [TestCase("", "invalid_request")]
    [TestCase("password", "unsupported_grant_type")]
    [TestCase("refresh_token", "unsupported_grant_type")]
    public async Task Token_OtherGrant_Returns400(string? grant, string error)
    {
        await StartAsync();
        (string, string)[] form = grant is null ? [] : [("grant_type", grant)];

        var answer = await PostAsync("oauth/token", Spid.DefaultClient, modern: true, form);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo(error));
        }
    }

    [Test]
    public async Task Token_JsonInsteadOfForm_ReturnsInvalidRequest()
    {
        await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token")
        {
            Content = new StringContent("""{"grant_type":"client_credentials"}""", null, "application/json"),
        };
        request.Headers.Authorization = Forms.Basic(Spid.ClientId, Spid.ClientSecret);
        request.Headers.Add("X-OIDC", "v1");

        var answer = await SendAsync(request);

        Assert.That(answer.Error, Is.EqualTo("invalid_request"));
    }

    [Test]
    public async Task Token_RepeatedScope_ReturnsInvalidRequest()
    {
        await StartAsync();

        var answer = await TokenAsync(("scope", "a"), ("scope", "b"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_request"));
        }
    }

    [TestCase("read:messages", 200)]
    [TestCase("read:messages  write:messages", 200)]
    [TestCase("", 200)]
    [TestCase("read:messages admin", 400)]
    [TestCase("READ:messages", 400)]
    public async Task Token_LimitedScopes_RefusesTheRest(string scope, int status)
    {
        await StartAsync(options => options.DefaultClient.AllowedScopes = ["read:messages", "write:messages"]);

        var answer = await TokenAsync(("scope", scope));

        Assert.That(answer.Status, Is.EqualTo(status));
        if (status == 400)
        {
            Assert.That(answer.Error, Is.EqualTo("invalid_scope"));
        }
    }

    [Test]
    public async Task Token_NoScopesAllowed_RefusesEveryScopeInTheLegacyForm()
    {
        await StartAsync(options => options.DefaultClient.AllowedScopes = []);

        var answer = await LegacyTokenAsync(("scope", "any"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Error, Is.EqualTo("invalid_scope"));
            Assert.That(answer.Json.GetProperty("error_code").GetString(), Is.EqualTo("400 Bad Request"));
        }
    }

    [Test]
    public async Task Token_GetMethod_Returns405()
    {
        await StartAsync();

        var answer = await GetAsync("oauth/token");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(405));
            Assert.That(answer.Headers["Allow"], Is.EqualTo("POST"));
        }
    }
}
