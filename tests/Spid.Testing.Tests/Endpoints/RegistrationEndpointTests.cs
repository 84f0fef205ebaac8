using Spid.Testing.Clients;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed class RegistrationEndpointTests(TransportKind transport) : ServerFixture(transport)
{
    private const string Scope = "spid:merchants/shop|write";
    private const string Valid = """
        {"client_name":"Client","client_uri":"https://client.example.com","scope":"prefix:auth|write","redirect_uris":["https://client.example.com/a"]}
        """;

    [Test]
    public async Task Register_ValidMetadata_CreatesAClientOfTheMerchant()
    {
        await StartShopAsync();

        var answer = await RegisterAsync(Token(Scope), Valid);

        var client = Spid.Clients.Find(answer.Json.GetProperty("client_id").GetString()!)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Json.GetProperty("client_secret").GetString(), Is.EqualTo(client.ClientSecret));
            Assert.That(answer.Json.GetProperty("client_id_issued_at").GetInt64(), Is.EqualTo(Clock.GetUtcNow().ToUnixTimeSeconds()));
            Assert.That(answer.Json.GetProperty("client_secret_expires_at").GetInt32(), Is.Zero);
            Assert.That(answer.Json.GetProperty("client_name").GetString(), Is.EqualTo("Client"));
            Assert.That(answer.Json.GetProperty("client_uri").GetString(), Is.EqualTo("https://client.example.com"));
            Assert.That(answer.Json.GetProperty("scope").GetString(), Is.EqualTo("prefix:auth|write openid profile email phone address offline_access"));
            Assert.That(answer.Json.GetProperty("redirect_uris")[0].GetString(), Is.EqualTo("https://client.example.com/a"));
            Assert.That(answer.Json.GetProperty("mutual_tls_sender_constrained_access_tokens").GetBoolean(), Is.False);
            Assert.That(client.Merchant, Is.EqualTo("shop"));
            Assert.That(client.AllowedScopes, Does.Contain("prefix:auth|write"));
        }
    }

    [Test]
    public async Task Register_NewClient_GetsATokenForItsScope()
    {
        await StartShopAsync();
        var registered = await RegisterAsync(Token(Scope), Valid);
        var client = Spid.Clients.Find(registered.Json.GetProperty("client_id").GetString()!);

        var answer = await PostAsync("oauth/token", client, modern: true, ("grant_type", "client_credentials"), ("scope", "prefix:auth|write"));

        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Register_NoScopeAndNoRedirects_UsesTheDefaults()
    {
        await StartShopAsync();

        var answer = await RegisterAsync(Token(Scope), """{"client_name":"Client","client_uri":"https://client.example.com"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("scope").GetString(), Does.StartWith("openid "));
            Assert.That(answer.Json.GetProperty("redirect_uris").GetArrayLength(), Is.Zero);
        }
    }

    [TestCase(null)]
    [TestCase("garbage")]
    public async Task Register_NoValidToken_Returns401(string? token)
    {
        await StartShopAsync();

        await AssertRefusedAsync(token, Valid, 401, "invalid_token");
    }

    [Test]
    public async Task Register_ExpiredToken_Returns401()
    {
        await StartShopAsync();

        await AssertRefusedAsync(Spid.Issue(new() { Scope = Scope, Lifetime = TimeSpan.FromSeconds(-1) }), Valid, 401, "invalid_token");
    }

    [TestCase("spid:merchants/other|write")]
    [TestCase("spid:merchants/shop|read")]
    [TestCase(null)]
    public async Task Register_OtherScope_Returns403(string? scope)
    {
        await StartShopAsync();

        await AssertRefusedAsync(Token(scope), Valid, 403, "insufficient_scope");
    }

    [TestCase("")]
    [TestCase("not json")]
    [TestCase("[]")]
    [TestCase("""{"client_uri":"https://client.example.com"}""")]
    [TestCase("""{"client_name":"","client_uri":"https://client.example.com"}""")]
    [TestCase("""{"client_name":1,"client_uri":"https://client.example.com"}""")]
    [TestCase("""{"client_name":"Client"}""")]
    [TestCase("""{"client_name":"Client","client_uri":"nowhere"}""")]
    [TestCase("""{"client_name":"Client","client_uri":"https://client.example.com","scope":"foreign:auth"}""")]
    public async Task Register_InvalidMetadata_Returns400(string body)
    {
        await StartShopAsync();

        await AssertRefusedAsync(Token(Scope), body, 400, "invalid_client_metadata");
    }

    [TestCase("[\"nowhere\"]")]
    [TestCase("[1]")]
    [TestCase("\"https://client.example.com\"")]
    public async Task Register_InvalidRedirect_Returns400(string redirects)
    {
        await StartShopAsync();
        var body = $$"""{"client_name":"Client","client_uri":"https://client.example.com","redirect_uris":{{redirects}}}""";

        await AssertRefusedAsync(Token(Scope), body, 400, "invalid_redirect_uri");
    }

    private Task StartShopAsync() => StartAsync(options =>
    {
        options.DefaultClient = new() { Merchant = "shop" };
        options.Merchants.Add(new SpidMerchant("shop", 51000, "prefix:"));
    });

    private string Token(string? scope) => Spid.Issue(new() { Scope = scope });

    private async Task AssertRefusedAsync(string? token, string body, int status, string error)
    {
        var answer = await RegisterAsync(token, body);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.Error, Is.EqualTo(error));
            Assert.That(answer.Names(), Does.Contain("error_description"));
            Assert.That(Spid.Clients.All, Has.Count.EqualTo(1));
        }
    }

    private Task<Answer> RegisterAsync(string? token, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/register") { Content = new StringContent(body, null, "application/json") };
        request.Headers.Authorization = token is null ? null : Forms.Bearer(token);
        return SendAsync(request);
    }
}
