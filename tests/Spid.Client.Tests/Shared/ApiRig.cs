using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Spid.Client.Http;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Shared;

/// <summary>An <see cref="HttpClient"/> with a token handler as a host makes it, between a stub of SPiD and a stub of the service.</summary>
internal sealed class ApiRig : IDisposable
{
    public const string Name = "api";

    private readonly Lazy<ServiceProvider> _provider;
    private readonly Lazy<HttpClient> _client;

    public ApiRig(
        Action<SpidTokenHandlerOptions>? handler = null,
        Action<SpidClientOptions>? client = null,
        Action<IHttpClientBuilder>? above = null,
        Action<IHttpClientBuilder>? below = null)
    {
        Services.AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace));
        Services.AddSingleton<TimeProvider>(Time);
        Services
            .AddSpidClientCredentials(options =>
            {
                CopyTo(options);
                client?.Invoke(options);
            })
            .Backchannel.ConfigurePrimaryHttpMessageHandler(() => Spid);

        HttpClient = Services.AddHttpClient(Name, http => http.BaseAddress = new Uri("https://api.example.com/v1/"));
        above?.Invoke(HttpClient);
        HttpClient.AddSpidTokenHandler(handler ?? (_ => { }));
        below?.Invoke(HttpClient);
        HttpClient.ConfigurePrimaryHttpMessageHandler(() => Api);

        _provider = new(() => Services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
        _client = new(() => Provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name));
    }

    public ServiceCollection Services { get; } = [];

    public IHttpClientBuilder HttpClient { get; }

    public StubSpid Spid { get; } = new();

    public StubApi Api { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    public ServiceProvider Provider => _provider.Value;

    public HttpClient Client => _client.Value;

    /// <summary>Gets the chain of handlers by itself, for what <see cref="System.Net.Http.HttpClient"/> would refuse to send twice.</summary>
    public HttpMessageHandler Handler => Provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Name);

    public TokenClient Tokens => Provider.GetRequiredService<TokenClient>();

    public FakeLogCollector Logs => Provider.GetFakeLogCollector();

    public static void CopyTo(SpidClientOptions options)
    {
        SpidClientOptions source = TestClient.Options();
        options.Environment = source.Environment;
        options.ClientId = source.ClientId;
        options.ClientSecret = source.ClientSecret;
        options.Scope = source.Scope;
    }

    public void Dispose()
    {
        if (_provider.IsValueCreated)
        {
            _provider.Value.Dispose();
        }

        Spid.Dispose();
        Api.Dispose();
    }
}
