using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Spid.Client.Registration;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Registration;

[CancelAfter(60_000)]
internal sealed partial class SpidRegistrationClientTests : IDisposable
{
    private const string Registered = """
        {
          "client_uri": "https://client.example.com",
          "mutual_tls_sender_constrained_access_tokens": false,
          "client_secret_expires_at": 0,
          "scope": "prefix:auth|write openid",
          "redirect_uris": [],
          "client_id_issued_at": 1511189545,
          "client_secret": "registered-secret-value",
          "client_name": "Client example app",
          "client_id": "5a12ec29714026dbd1c8c7be"
        }
        """;

    private readonly Queue<HttpResponseMessage> _answers = new();
    private readonly List<(string? Authorization, string Body, string? ContentType)> _registrations = [];
    private readonly List<string> _addresses = [];
    private readonly FakeTimeProvider _time = new();
    private readonly StubSpid _spid = new();
    private readonly HttpClient _http;
    private readonly TokenClient _tokens;
    private readonly SpidRegistrationClient _client;
    private TaskCompletionSource? _hang;
    private ManualResetEventSlim? _block;

    public SpidRegistrationClientTests()
    {
        _http = new HttpClient(new Router(this));
        _tokens = new TokenClient(TestClient.Options(), _http, _time);
        _client = new SpidRegistrationClient(_tokens);
    }

    private static SpidRegistrationRequest Request => new()
    {
        Merchant = "46001",
        ClientName = "Client example app",
        ClientUri = new Uri("https://client.example.com"),
        Scope = "prefix:auth|write",
    };

    public void Dispose()
    {
        _tokens.Dispose();
        _http.Dispose();
        _spid.Dispose();
    }

    [TestCase(HttpStatusCode.OK)]
    [TestCase(HttpStatusCode.Created)]
    [Test(Description = "V47")]
    public async Task RegisterAsync_SpidRegisters_ReturnsCredentials(HttpStatusCode status, CancellationToken cancellationToken)
    {
        _answers.Enqueue(StubSpid.Json(status, Registered));

        SpidRegisteredClient client = await _client.RegisterAsync(Request, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.ClientId, Is.EqualTo("5a12ec29714026dbd1c8c7be"));
            Assert.That(client.ClientSecret, Is.EqualTo("registered-secret-value"));
            Assert.That(client.Scope, Is.EqualTo("prefix:auth|write openid"));
            Assert.That(client.IssuedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1511189545)));
            Assert.That(client.SecretExpiresAt, Is.Null);
        }
    }

    [Test(Description = "V47")]
    public async Task RegisterAsync_Always_SendsJsonWithATokenForTheMerchant(CancellationToken cancellationToken)
    {
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));

        await _client.RegisterAsync(Request, cancellationToken);

        using JsonDocument body = JsonDocument.Parse(_registrations[0].Body);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_spid.Forms.Single(), Does.Contain("scope=spid%3Amerchants%2F46001%7Cwrite"));
            Assert.That(_registrations[0].Authorization, Is.EqualTo("Bearer token-1"));
            Assert.That(_registrations[0].ContentType, Is.EqualTo("application/json"));
            Assert.That(body.RootElement.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "client_name", "client_uri", "scope" }));
        }
    }

    [Test]
    public async Task RegisterAsync_RedirectUrisGiven_SendsThemAsWritten(CancellationToken cancellationToken)
    {
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));
        var request = new SpidRegistrationRequest
        {
            Merchant = "46001",
            ClientName = "n",
            ClientUri = new Uri("https://client.example.com"),
            RedirectUris = [new Uri("https://client.example.com/a"), new Uri("https://client.example.com/b?c=d")],
        };

        await _client.RegisterAsync(request, cancellationToken);

        using JsonDocument body = JsonDocument.Parse(_registrations[0].Body);
        Assert.That(
            body.RootElement.GetProperty("redirect_uris").EnumerateArray().Select(uri => uri.GetString()),
            Is.EqualTo(new[] { "https://client.example.com/a", "https://client.example.com/b?c=d" }));
    }

    [TestCase(400, "invalid_client_metadata")]
    [TestCase(400, "invalid_redirect_uri")]
    [TestCase(403, "insufficient_scope")]
    public async Task RegisterAsync_SpidRefuses_ThrowsWithTheCodeAndAsksOnce(int status, string code)
    {
        _answers.Enqueue(StubSpid.Error(status, code));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => _client.RegisterAsync(Request)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(exception.OAuthError, Is.EqualTo(code));
            Assert.That(exception.Message, Does.Contain("/oauth/register"));
            Assert.That(_registrations, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task RegisterAsync_TokenRefused_RenewsAndRepeatsOnce(CancellationToken cancellationToken)
    {
        _answers.Enqueue(StubSpid.Error(401, "invalid_token"));
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));

        await _client.RegisterAsync(Request, cancellationToken);

        Assert.That(_registrations.Select(registration => registration.Authorization), Is.EqualTo(new[] { "Bearer token-1", "Bearer token-2" }));
    }

    [Test]
    public async Task RegisterAsync_RenewedTokenRefusedToo_ThrowsWithoutAThirdAttempt()
    {
        _answers.Enqueue(StubSpid.Error(401, "invalid_token"));
        _answers.Enqueue(StubSpid.Error(401, "invalid_token"));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => _client.RegisterAsync(Request)))!;

        Assert.That(exception.OAuthError, Is.EqualTo("invalid_token"));
        Assert.That(_registrations, Has.Count.EqualTo(2));
    }

    [TestCase(503, SpidErrorKind.Transient)]
    [TestCase(420, SpidErrorKind.Throttled)]
    public async Task RegisterAsync_SpidFails_DoesNotRepeat(int status, SpidErrorKind kind)
    {
        _answers.Enqueue(StubSpid.Error(status));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => _client.RegisterAsync(Request)))!;

        Assert.That(exception.Kind, Is.EqualTo(kind));
        Assert.That(_registrations, Has.Count.EqualTo(1));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("<html>")]
    [TestCase("""{"client_id":"a"}""")]
    [TestCase("""{"client_secret":"a"}""")]
    [TestCase("""{"client_id":1,"client_secret":2}""")]
    public async Task RegisterAsync_AnswerLacksCredentials_ThrowsProtocolError(string body)
    {
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, body));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => _client.RegisterAsync(Request)))!;

        Assert.That(exception.Kind, Is.EqualTo(SpidErrorKind.Protocol));
    }

    [Test]
    public async Task RegisterAsync_SpidHangs_TimesOutAndSaysWhatIsUnknown(CancellationToken cancellationToken)
    {
        var arrived = new TaskCompletionSource();
        _hang = arrived;

        Task<SpidRegisteredClient> registering = _client.RegisterAsync(Request, cancellationToken);
        await arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(15));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => registering))!;
        Assert.That(exception.Message, Does.Contain("may have been registered all the same"));
    }

    [Test(Description = "A24: of the registration too")]
    public async Task RegisterAsync_HandlerBlocksItsThread_CallerLeavesAtTheTimeout(CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        var arrived = new TaskCompletionSource();
        _hang = arrived;
        _block = blocked;

        Task<SpidRegisteredClient> registering = _client.RegisterAsync(Request, cancellationToken);
        await arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(15));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => registering))!;
        Assert.That(exception.Message, Does.Contain("may have been registered all the same"));
        blocked.Set();
    }

    [Test]
    public async Task RegisterAsync_CallerCancels_ThrowsCancellation(CancellationToken cancellationToken)
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrived = new TaskCompletionSource();
        _hang = arrived;

        Task<SpidRegisteredClient> registering = _client.RegisterAsync(Request, caller.Token);
        await arrived.Task;
        await caller.CancelAsync();

        Assert.That(async () => await registering, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("", "name", "https://client.example.com", "Merchant")]
    [TestCase("a b", "name", "https://client.example.com", "Merchant")]
    [TestCase("46001", " ", "https://client.example.com", "ClientName")]
    [TestCase("46001", "name", "/relative", "ClientUri")]
    public async Task RegisterAsync_RequestIncomplete_NamesThePropertyAndSendsNothing(string merchant, string name, string uri, string property)
    {
        var request = new SpidRegistrationRequest
        {
            Merchant = merchant,
            ClientName = name,
            ClientUri = new Uri(uri, uri[0] == '/' ? UriKind.Relative : UriKind.Absolute),
        };

        ArgumentException exception = (await Assert.ThrowsAsync<ArgumentException>(() => _client.RegisterAsync(request)))!;

        Assert.That(exception.Message, Does.Contain(property));
        Assert.That(_spid.Count, Is.Zero);
    }

    [Test]
    public async Task RegisteredClient_AllForms_HideTheSecret(CancellationToken cancellationToken)
    {
        _answers.Enqueue(StubSpid.Json(HttpStatusCode.OK, Registered));

        SpidRegisteredClient client = await _client.RegisterAsync(Request, cancellationToken);

        Assert.That(client.ToString() + JsonSerializer.Serialize(client), Does.Not.Contain("registered-secret").And.Contain("5a12ec29714026dbd1c8c7be"));
    }

    private sealed class Router(SpidRegistrationClientTests test) : DelegatingHandler(test._spid)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            test._addresses.Add(request.RequestUri!.AbsoluteUri);
            if (request.RequestUri.AbsolutePath != "/oauth/register")
            {
                return await base.SendAsync(request, cancellationToken);
            }

            if (test._hang is { } hang)
            {
                hang.SetResult();
                test._block?.Wait(TimeSpan.FromSeconds(60), CancellationToken.None);
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            test._registrations.Add((
                request.Headers.Authorization?.ToString(),
                await request.Content!.ReadAsStringAsync(cancellationToken),
                request.Content.Headers.ContentType?.MediaType));
            return test._answers.Dequeue();
        }
    }
}
