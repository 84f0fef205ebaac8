using System.Buffers.Text;
using System.Text.Json;
using Spid.Client;
using Spid.Client.Tokens;

namespace Spid.Interop.Tests;

/// <summary>TokenClient against an authorization server that shares no code with it.</summary>
[CancelAfter(300_000)]
internal sealed class TokenClientInteropTests
{
    private static readonly string[] OneResource = [OpenIddictServer.Messages];
    private static readonly string[] TwoResources = [OpenIddictServer.Messages, OpenIddictServer.Payments];

    private OpenIddictServer _server = null!;
    private HttpClient _http = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        _server = await OpenIddictServer.StartAsync();
        _http = _server.CreateClient();
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase(SpidClientAuthentication.BasicFormEncoded)]
    [TestCase(SpidClientAuthentication.Body)]
    public async Task GetTokenAsync_OneResource_TokenIsForThatResource(SpidClientAuthentication authentication, CancellationToken cancellationToken)
    {
        using TokenClient client = CreateClient(options => options.ClientAuthentication = authentication);

        ServerToken token = await client.GetTokenAsync(new TokenRequest("read:messages", OneResource), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(AudiencesOf(token), Is.EqualTo(OneResource));
            Assert.That(ClaimsOf(token).GetProperty("scope").GetString(), Is.EqualTo("read:messages"));
            Assert.That(token.ExpiresAt, Is.Not.Null);
        }
    }

    [Test]
    public async Task GetTokenAsync_TwoResources_TokenIsForBoth(CancellationToken cancellationToken)
    {
        using TokenClient client = CreateClient();

        ServerToken token = await client.GetTokenAsync(new TokenRequest("read:messages", TwoResources), cancellationToken);

        Assert.That(AudiencesOf(token), Is.EquivalentTo(TwoResources));
    }

    [Test]
    public async Task GetTokenAsync_CalledTwice_ServesTheSameTokenFromTheCache(CancellationToken cancellationToken)
    {
        using TokenClient client = CreateClient();

        ServerToken first = await client.GetTokenAsync(cancellationToken);
        ServerToken second = await client.GetTokenAsync(cancellationToken);
        ServerToken fresh = await client.RequestTokenAsync(cancellationToken);

        Assert.That(second, Is.SameAs(first));
        Assert.That(fresh.AccessToken, Is.Not.EqualTo(first.AccessToken));
    }

    [Test]
    public async Task GetTokenAsync_WrongSecret_ThrowsInvalidClient()
    {
        using TokenClient client = CreateClient(options => options.ClientSecret = "wrong");

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => client.GetTokenAsync().AsTask()))!;

        AssertConfigurationError(exception, "invalid_client", nameof(SpidClientOptions.ClientSecret));
    }

    [TestCase("unknown:scope", "invalid_scope")]
    [TestCase("write:messages", "invalid_request", Description = "A scope that exists but that the client may not ask for.")]
    public async Task GetTokenAsync_ScopeNotAllowed_ThrowsTheServersCode(string scope, string code)
    {
        using TokenClient client = CreateClient(options => options.Scope = scope);

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => client.GetTokenAsync().AsTask()))!;

        AssertConfigurationError(exception, code, nameof(SpidClientOptions.Scope));
    }

    [Test]
    public async Task GetTokenAsync_UnknownResource_ThrowsInvalidTarget()
    {
        using TokenClient client = CreateClient(options => options.Resources.Add("https://unknown.example.com"));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => client.GetTokenAsync().AsTask()))!;

        AssertConfigurationError(exception, "invalid_target", nameof(SpidClientOptions.Resources));
    }

    [Test]
    public async Task GetTokenAsync_NoSuchEndpoint_NamesTheAuthority()
    {
        using TokenClient client = CreateClient(options => options.Authority = new Uri(_server.Authority, "elsewhere"));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => client.GetTokenAsync().AsTask()))!;

        Assert.That(exception.Message, Does.Contain("404").And.Contain("Authority"));
    }

    private static void AssertConfigurationError(SpidException exception, string code, string option)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(exception.OAuthError, Is.EqualTo(code));
            Assert.That(exception.Message, Does.Contain(option));
            Assert.That(exception.ToString(), Does.Not.Contain(OpenIddictServer.ClientSecret));
        }
    }

    private static JsonElement ClaimsOf(ServerToken token) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.AccessToken.Split('.')[1])).RootElement;

    private static string?[] AudiencesOf(ServerToken token) => ClaimsOf(token).GetProperty("aud") is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Select(audience => audience.GetString())]
        : [ClaimsOf(token).GetProperty("aud").GetString()];

    private TokenClient CreateClient(Action<SpidClientOptions>? configure = null)
    {
        var options = new SpidClientOptions
        {
            Authority = _server.Authority,
            ClientId = OpenIddictServer.ClientId,
            ClientSecret = OpenIddictServer.ClientSecret,
            ClientAuthentication = SpidClientAuthentication.BasicFormEncoded,
        };
        configure?.Invoke(options);
        return new TokenClient(options, _http, new UnhurriedTime());
    }
}
