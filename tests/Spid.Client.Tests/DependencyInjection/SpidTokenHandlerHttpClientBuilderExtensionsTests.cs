using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.DependencyInjection;

[CancelAfter(60_000)]
internal sealed class SpidTokenHandlerHttpClientBuilderExtensionsTests
{
    private static readonly Uri Api = new("https://api.example.com/v1/");

    [Test]
    public async Task AddSpidTokenHandler_BaseAddressWhereverInTheChain_IsAllowed(CancellationToken cancellationToken)
    {
        Action<IServiceCollection>[] orders =
        [
            services => services.AddHttpClient("api", http => http.BaseAddress = Api).AddSpidTokenHandler(),
            services => services.AddHttpClient("api").AddSpidTokenHandler().ConfigureHttpClient(http => http.BaseAddress = Api),
            services => services.AddHttpClient("api").ConfigureHttpClient((_, http) => http.BaseAddress = Api).AddSpidTokenHandler(),
            services =>
            {
                services.AddHttpClient("api").AddSpidTokenHandler();
                services.AddHttpClient("api", http => http.BaseAddress = Api);
            },
            services =>
            {
                services.AddHttpClient("api").AddSpidTokenHandler();
                services.ConfigureHttpClientDefaults(http => http.ConfigureHttpClient(client => client.BaseAddress = Api));
            },
        ];

        foreach (Action<IServiceCollection> order in orders)
        {
            SpidServices services = WithClient();
            order(services);
            await using ServiceProvider provider = services.Build();
            using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

            using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

            Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1" }));
        }
    }

    [Test]
    public async Task AddSpidTokenHandler_BaseAddressSetLater_ThrowsWithOriginAndTheLineToWrite(CancellationToken cancellationToken)
    {
        SpidServices services = WithClient();
        services.AddHttpClient<TypedClient>().AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => provider.GetRequiredService<TypedClient>().GetAsync(cancellationToken));

        Assert.That(exception!.Message, Is.EqualTo(
            "The request of HttpClient 'TypedClient' was not sent with a SPiD token: its origin is not allowed. If the service may have the token, "
            + "write .AddSpidTokenHandler(o => o.AllowedOrigins.Add(\"https://typed.example.com\"))."));
        Assert.That((services.Api.Count, services.Spid.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task AddSpidTokenHandler_TypedClientWithAllowedOrigin_CarriesTheToken(CancellationToken cancellationToken)
    {
        SpidServices services = WithClient();
        services.AddHttpClient<TypedClient>().AddSpidTokenHandler(options => options.AllowedOrigins.Add("https://typed.example.com"));
        await using ServiceProvider provider = services.Build();

        using HttpResponseMessage response = await provider.GetRequiredService<TypedClient>().GetAsync(cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1" }));
    }

    [Test]
    public async Task AddSpidTokenHandler_CalledTwice_AddsTheOptionsUp(CancellationToken cancellationToken)
    {
        SpidServices services = WithClient();
        IHttpClientBuilder builder = services.AddHttpClient("api");
        builder.AddSpidTokenHandler(options => options.AllowedOrigins.Add("https://a.example"));
        builder.AddSpidTokenHandler(options => options.AllowedOrigins.Add("https://b.example"));
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        using HttpResponseMessage first = await client.GetAsync(new Uri("https://a.example"), cancellationToken);
        using HttpResponseMessage second = await client.GetAsync(new Uri("https://b.example"), cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
    }

    [Test]
    public void AddSpidTokenHandler_SecondSpidClient_Throws()
    {
        var services = new SpidServices();
        IHttpClientBuilder builder = services.AddHttpClient("api").AddSpidTokenHandler("one");

        Assert.That(
            () => builder.AddSpidTokenHandler("two"),
            Throws.InvalidOperationException.With.Message.EqualTo("HttpClient 'api' already takes its tokens from SPiD client 'one' and cannot take them from 'two' as well."));
    }

    [Test]
    public async Task AddSpidTokenHandler_RegisteredBeforeItsNamedClient_CarriesThatToken(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        services.AddHttpClient("api", http => http.BaseAddress = Api).AddSpidTokenHandler("named", options => options.Scope = "handler");
        services.Stub(services.AddSpidClientCredentials("named", ApiRig.CopyTo));
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1" }));
        Assert.That(services.Spid.Forms.Single(), Does.Contain("scope=handler"));
    }

    [Test]
    public async Task AddSpidTokenHandler_UserLogsEveryHeader_TokenStaysOut(CancellationToken cancellationToken)
    {
        SpidServices services = WithClient();
        services.AddHttpClient("api", http => http.BaseAddress = Api).AddSpidTokenHandler().RedactLoggedHeaders(_ => false);
        services.AddHttpClient(Spid.Client.Diagnostics.SpidDiagnostics.BackchannelName).RedactLoggedHeaders(_ => false);
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

        string[] records = [.. provider.GetFakeLogCollector().GetSnapshot().Select(record => $"{record.Message} {string.Join(' ', record.StructuredState ?? [])}")];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(records, Has.Some.StartsWith("Start processing HTTP request GET https://api.example.com/v1/messages"));
            Assert.That(records, Has.Some.StartsWith("Received HTTP response headers"));
            Assert.That(records, Has.None.Contains("token-1"));
            Assert.That(records, Has.None.Contains("Basic NGU4"));
        }
    }

    [Test]
    public async Task AddSpidTokenHandler_OtherHttpClient_LogsItsHeadersAsBefore(CancellationToken cancellationToken)
    {
        SpidServices services = WithClient();
        services.AddHttpClient("api").AddSpidTokenHandler();
        services.AddHttpClient("other", http => http.DefaultRequestHeaders.Add("X-Other", "1"));
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        using HttpResponseMessage response = await client.GetAsync(Api, cancellationToken);

        Assert.That(provider.GetFakeLogCollector().GetSnapshot().Select(record => record.Message), Has.Some.Contains("X-Other: *"));
    }

    private static SpidServices WithClient()
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        return services;
    }

    private sealed class TypedClient
    {
        private readonly HttpClient _client;

        public TypedClient(HttpClient client)
        {
            client.BaseAddress = new Uri("https://typed.example.com/v1/");
            _client = client;
        }

        public Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken) => _client.GetAsync("messages", cancellationToken);
    }
}
