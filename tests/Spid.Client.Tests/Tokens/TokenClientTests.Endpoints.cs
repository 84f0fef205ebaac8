using RichardSzalay.MockHttp;
using Spid.Client.Registration;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

/// <content>Endpoints at other paths and over plain http.</content>
internal sealed partial class TokenClientTests
{
    [TestCase("https://spid.example/oauth2/default", null, "https://spid.example/oauth2/default/oauth/token")]
    [TestCase("https://spid.example/oauth2/default", "https://spid.example/oauth2/default/v1/token", "https://spid.example/oauth2/default/v1/token")]
    [TestCase("https://spid.example", "https://tokens.example/connect/token?policy=b2c_1", "https://tokens.example/connect/token?policy=b2c_1")]
    [TestCase("http://spid:5901", null, "http://spid:5901/oauth/token")]
    [TestCase("https://spid.example", "http://spid:5901/connect/token", "http://spid:5901/connect/token")]
    [Description("A36")]
    public async Task RequestTokenAsync_AddressesOfAnotherServer_GoesToItsTokenEndpoint(string authority, string? endpoint, string expected, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options =>
        {
            (options.Environment, options.Authority, options.AllowPlainHttp) = (null, new Uri(authority), true);
            options.TokenEndpoint = endpoint is null ? null : new Uri(endpoint);
        });

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        Assert.That(sent.Uri.AbsoluteUri, Is.EqualTo(expected));
    }

    [Test]
    public async Task RegisterAsync_RegistrationEndpoint_IsWhereTheClientIsRegistered(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.RegistrationEndpoint = new Uri("https://spid.example/connect/register"));
        spid.Expect().Respond(_ => StubSpid.Token("own"));
        spid.Http.Expect(HttpMethod.Post, "https://spid.example/connect/register")
            .Respond(_ => StubSpid.Json(System.Net.HttpStatusCode.Created, """{"client_id":"new","client_secret":"secret-of-the-new-one"}"""));
        var registration = new SpidRegistrationRequest { Merchant = "46001", ClientName = "Archive", ClientUri = new Uri("https://archive.example.com") };

        SpidRegisteredClient client = await new SpidRegistrationClient(spid.Tokens).RegisterAsync(registration, cancellationToken);

        Assert.That(client.ClientId, Is.EqualTo("new"));
        spid.Http.VerifyNoOutstandingExpectation();
    }

    [Test]
    public async Task RequestTokenAsync_EndpointWithAKeyInItsQuery_KeepsItOutOfMessages(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.TokenEndpoint = new Uri("https://spid.example/token?code=" + Canary.Secret));
        spid.Http.Expect("https://spid.example/token").Respond(System.Net.HttpStatusCode.NotFound);

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Message, Does.StartWith("https://spid.example/token answered 404. Check Environment or Authority, and the option of this endpoint"));
        Canary.AssertAbsent(failure.ToString());
    }

    [Test]
    public async Task Apply_TokenEndpointChanged_DropsTheTokensOfTheOldOne(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken old = await client.Tokens.GetTokenAsync(cancellationToken);
        SpidClientOptions options = TestClient.Options();

        options.AllowPlainHttp = true;
        client.Tokens.Apply(options);
        ServerToken same = await client.Tokens.GetTokenAsync(cancellationToken);
        options.TokenEndpoint = new Uri("http://spid:5901/connect/token");
        client.Tokens.Apply(options);
        ServerToken other = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(same, Is.SameAs(old), "where http is allowed changes no token");
        Assert.That((other.AccessToken, client.Spid.Count), Is.EqualTo(("token-2", 2)));
    }
}
