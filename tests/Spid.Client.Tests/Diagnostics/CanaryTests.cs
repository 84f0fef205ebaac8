using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Diagnostics;

/// <summary>S7: with everything at Trace no secret reaches any sink, however hard the server tries to get it there.</summary>
[CancelAfter(60_000)]
internal sealed class CanaryTests : IDisposable
{
    private static readonly SecretCanary Secret = new("client secret", "zQ7/kW+2vXn9~RtYb4mLpJ6sHd8fGc3e");
    private static readonly SecretCanary Secondary = new("secondary secret", "uE5:xA1%oKi0-TjDr_9NwVbS&yZqMhPl");
    private static readonly SecretCanary Access = new("access token", "eyJhbGciOiXx.q8Wn3ZrTt5KvLmYp2Dc.S6fBhJg0oQe1uIa");
    private static readonly SecretCanary Refresh = new("refresh token", "r4N7wPzX0kVyMqTgLsCdJ9bHfUe2oIaR");
    private static readonly SecretCanary Extra = new("extra parameter", "Kd93jfWmQpZx7TyVbN5rLsGh1cEuOi8a");
    private static readonly SecretCanary[] All = [Secret, Secondary, Access, Refresh, Extra];

    private readonly SinkRecorder _sinks = new();
    private readonly StubSpid _spid = new();
    private readonly StubApi _api = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _sinks.Dispose();
        _spid.Dispose();
        _api.Dispose();
    }

    [Test(Description = "Acceptance 13")]
    public async Task Success_MissRefreshRenewalAndReplay_ShowNoSecret(CancellationToken cancellationToken)
    {
        _spid.AnswerWith(number => StubSpid.Json(HttpStatusCode.OK, Success($"{Access.Value}{number}", "read:messages")));
        _api.AnswerWith(call => call.Number == 2 ? Echo(401, call) : Echo(200, call));
        await using ServiceProvider provider = Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();

        await CallAsync(provider, cancellationToken);
        await CallAsync(provider, cancellationToken);
        _time.Advance(TimeSpan.FromSeconds(800));
        await CallAsync(provider, cancellationToken);
        await tokens.RequestTokenAsync(cancellationToken);
        ServerToken token = await tokens.GetTokenAsync(cancellationToken);
        await ShowAsync(provider, token, cancellationToken);

        Assert.That(token.AccessToken, Does.StartWith(Access.Value));
        AssertNoHits(atLeast: 50);
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(408)]
    [TestCase(420)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(200)]
    public async Task Failure_ServerEchoesEverything_ShowsNoSecret(int status, CancellationToken cancellationToken)
    {
        _spid.AnswerWith(_ => Echo(status));
        await using ServiceProvider provider = Build();

        await CallAsync(provider, cancellationToken);
        await ShowAsync(provider, token: null, cancellationToken);

        AssertNoHits(atLeast: 10);
    }

    [TestCase("invalid_client")]
    [TestCase("invalid_scope")]
    [TestCase("temporarily_unavailable")]
    public async Task Failure_AfterASuccess_ShowsNoSecret(string code, CancellationToken cancellationToken)
    {
        _spid.AnswerWith(number => number == 1
            ? StubSpid.Json(HttpStatusCode.OK, Success(Access.Value, scope: $"{Secret.Value} {Extra.Value}"))
            : Echo(400, code: code));
        _api.AnswerWith(call => Echo(401, call));
        await using ServiceProvider provider = Build();

        await CallAsync(provider, cancellationToken);
        _time.Advance(TimeSpan.FromSeconds(860));
        await CallAsync(provider, cancellationToken);
        _time.Advance(TimeSpan.FromHours(1));
        await CallAsync(provider, cancellationToken);
        await ShowAsync(provider, token: null, cancellationToken);

        AssertNoHits(atLeast: 30);
    }

    [TestCaseSource(nameof(Bodies))]
    public async Task Failure_UnusableSuccessBody_ShowsNoSecret(string body, CancellationToken cancellationToken)
    {
        _spid.AnswerWith(_ => StubSpid.Json(HttpStatusCode.OK, body));
        await using ServiceProvider provider = Build();

        await CallAsync(provider, cancellationToken);

        AssertNoHits(atLeast: 10);
    }

    [TestCaseSource(nameof(BrokenAnswers))]
    public async Task Failure_BrokenAnswerOverARealConnection_ShowsNoSecret(string answer, CancellationToken cancellationToken)
    {
        using var server = new LoopbackServer(_ => answer);
        await using ServiceProvider provider = Build(new Uri($"http://localhost:{server.Port}"));

        await CallAsync(provider, cancellationToken);

        Assert.That(server.Heads, Is.Not.Empty);
        AssertNoHits(atLeast: 10);
    }

    [Test]
    public void FindIn_SecretInAnyForm_IsFound()
    {
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"id:{Secret.Value}"));
        string[] texts = [Secret.Value, Secret.Value[5..13], Uri.EscapeDataString(Secret.Value), basic, Convert.ToHexString(Encoding.UTF8.GetBytes(Secret.Value)), $"a {Secret.Value[^8..]} b"];

        Assert.That(texts.Select(Secret.FindIn), Has.None.Null);
        Assert.That(Secret.FindIn(Secret.Value[5..12]), Is.Null);
    }

    private static string Everything => string.Join(' ', All.Select(canary => canary.Value));

    private static IEnumerable<string> Bodies() =>
    [
        Everything, $"\"{Everything}\"", $$"""{"{{Everything}}":1}""", Success(Everything, "a"), $$"""{"access_token":"x","token_type":"{{Everything}}"}""",
        $$"""{"access_token":["{{Everything}}"]}""", $$"""{"access_token":"{{Access.Value}}","access_token":"{{Access.Value}}"}""", Success(Access.Value, "a")[..^5],
    ];

    private static IEnumerable<string> BrokenAnswers() =>
    [
        $"HTTP/1.1 {Everything}\r\n\r\n", $"HTTP/1.1 200 {Everything}\r\n{Everything}\r\n\r\n", $"{Everything}\r\n\r\n",
        $"HTTP/1.1 200 x\r\nContent-Length: {Everything}\r\n\r\n", $"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n{Everything}\r\n",
        $"HTTP/1.1 200 x\r\nX-Echo: {new string('x', 40_000)}{Everything}\r\n\r\n", $"HTTP/1.1 400 {Everything}\r\nContent-Length: 9999\r\nX-Echo: {Everything}\r\n\r\n{Everything}",
    ];

    private static string Success(string token, string scope) =>
        $$"""{"access_token":{{JsonSerializer.Serialize(token)}},"token_type":"Bearer","expires_in":900,"refresh_token":"{{Refresh.Value}}","scope":"{{scope}}","user_id":"{{Refresh.Value}}"}""";

    /// <summary>An answer that repeats every secret in every place that has room for text.</summary>
    private static HttpResponseMessage Echo(int status, ApiCall? call = null, string? code = null)
    {
        string everything = $"{Everything} {call?.Authorization}";
        var body = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (string field in new[] { "error", "error_description", "error_uri", "error_code", "type", "scope", "description", "message", "request", "name" })
        {
            body[field] = everything;
        }

        body["error"] = code ?? everything;
        HttpResponseMessage answer = StubSpid.Json((HttpStatusCode)status, JsonSerializer.Serialize(body));
        answer.ReasonPhrase = everything;
        foreach (string header in new[] { "X-Echo", "WWW-Authenticate", "Retry-After", "Location", "Set-Cookie", "Server", "Date" })
        {
            answer.Headers.TryAddWithoutValidation(header, everything);
        }

        return answer;
    }

    private ServiceProvider Build(Uri? authority = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_sinks).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton<TimeProvider>(_time);
        services.AddHealthChecks().AddSpidToken();
        SpidClientBuilder client = services.AddSpidClientCredentials(options =>
        {
            options.Environment = authority is null ? SpidEnvironment.PreProduction : null;
            options.Authority = authority;
            options.ClientId = "4e8463569caf7ca019000007";
            options.ClientSecret = Secret.Value;
            options.SecondaryClientSecret = Secondary.Value;
            options.Parameters["extra"] = Extra.Value;
            options.Resilience.RetryAttempts = 0;
        });
        if (authority is null)
        {
            client.Backchannel.ConfigurePrimaryHttpMessageHandler(() => _spid);
        }

        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler().ConfigurePrimaryHttpMessageHandler(() => _api);
        return services.BuildServiceProvider();
    }

    private async Task CallAsync(ServiceProvider provider, CancellationToken cancellationToken)
    {
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        try
        {
            using HttpResponseMessage response = await http.PostAsync(new Uri("a", UriKind.Relative), new StringContent("body"), cancellationToken);
        }
        catch (SpidException exception)
        {
            _sinks.Record(exception);
        }
    }

    /// <summary>Prints every object that a user could print.</summary>
    private async Task ShowAsync(ServiceProvider provider, ServerToken? token, CancellationToken cancellationToken)
    {
        TokenClient client = provider.GetRequiredService<TokenClient>();
        SpidClientOptions options = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<SpidClientOptions>>().Value;
        var request = new TokenRequest("a", [], [new("extra", Extra.Value)]);
        HealthReport health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken);
        foreach (HealthReportEntry entry in health.Entries.Values)
        {
            _sinks.Record("health", entry.Status, entry.Description, entry.Exception, entry.Data);
        }

        _sinks.Record("text", client, options, options.Cache, options.Resilience, request, token, new SpidTokenHandlerOptions(), client.Cache.Settings, client.Cache.Settings.Secret, client.Cache.Settings.Defaults);
        _sinks.Record("json", JsonSerializer.Serialize(options), JsonSerializer.Serialize(request), JsonSerializer.Serialize(token), JsonSerializer.Serialize(client.Cache.Settings.Defaults));
    }

    private void AssertNoHits(int atLeast)
    {
        string[] lines = [.. _sinks.Lines];
        string[] hits = [.. from line in lines from canary in All let form = canary.FindIn(line) where form is not null select $"{canary.Name} as '{form}' in: {line}"];

        Assert.That(lines, Has.Length.GreaterThanOrEqualTo(atLeast), "the sinks are connected");
        Assert.That(hits, Is.Empty);
    }
}
