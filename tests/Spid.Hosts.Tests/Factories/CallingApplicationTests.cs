using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;
using Spid.Testing.Requests;

namespace Spid.Hosts.Tests.Factories;

/// <summary>Microsoft.AspNetCore.Mvc.Testing: an application whose service upstream the test replaces.</summary>
[CancelAfter(60_000)]
internal sealed class CallingApplicationTests
{
    [Test]
    public async Task Script_ServiceIsReplaced_TwentyCalls([Values(Place.After, Place.Defaults)] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        await using WebApplicationFactory<MessagesApplication> application = factory.InProduction().With(services =>
        {
            services.AddSingleton<TimeProvider>(host.Time);
            IHttpClientBuilder upstream = services.AddHttpClient<UpstreamClient>().ConfigurePrimaryHttpMessageHandler(host.Api.CreateHandler);
            if (place is Place.Defaults)
            {
                services.ConfigureHttpClientDefaults(Quick.AddRetries);
            }
            else
            {
                Quick.AddRetries(upstream);
            }
        });
        using HttpClient client = application.CreateClient();

        await new CallScript(host, stopping => GetAsync(client, stopping)) { Origins = ["https://messages.example.com"] }.RunAsync(cancellationToken);
    }

    [Test]
    public async Task Get_ServiceIsAnotherApplication_LetsTheCallerIn(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var service = new MessagesFactory(host);
        await using var factory = new MessagesFactory(host);
        await using WebApplicationFactory<MessagesApplication> application = factory.With(
            services => services.AddHttpClient<UpstreamClient>().ConfigurePrimaryHttpMessageHandler(() => service.Server.CreateHandler()));
        using HttpClient client = application.CreateClient();

        string answer = await client.GetStringAsync("/upstream", cancellationToken);

        SpidRequest request = host.Spid.Requests.To(SpidEndpoint.Token).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo(host.Spid.ClientId));
            Assert.That(request.FormValues("scope"), Is.EqualTo(new[] { "read:messages" }), "of the settings of the application");
            Assert.That(request.FormValues("resource"), Is.EqualTo(new[] { "https://messages.example.com" }));
        }
    }

    [Test]
    public async Task Get_ProviderIsReplaced_ServiceReceivesItsToken(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        await using WebApplicationFactory<MessagesApplication> application = factory.With(services =>
        {
            services.AddSingleton<ISpidTokenProvider>(new FixedToken("token-of-the-test"));
            services.AddHttpClient<UpstreamClient>().ConfigurePrimaryHttpMessageHandler(host.Api.CreateHandler);
        });
        using HttpClient client = application.CreateClient();

        await client.GetStringAsync("/upstream", cancellationToken);

        Assert.That((host.Api.LatestToken, host.TokenRequests), Is.EqualTo(("token-of-the-test", 0)));
    }

    [TestCase("Spid", "default SPiD client")]
    [TestCase("Authentication:Schemes:SpidBearer", "authentication scheme 'SpidBearer'")]
    public async Task CreateClient_SecretIsMissing_ThrowsAndLogsWhatToSet(string section, string options)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        await using WebApplicationFactory<MessagesApplication> application = factory.WithWebHostBuilder(builder => builder.UseSetting($"{section}:ClientSecret", ""));

        // The host is disposed as soon as it has failed. A factory that looks at it later throws an ObjectDisposedException, but the log has the reason.
        Assert.That(() => application.CreateClient(), Throws.InstanceOf<OptionsValidationException>().Or.InstanceOf<ObjectDisposedException>());
        Assert.That(host.Logs.Lines, Has.Some.Contains("ClientSecret is missing").And.Contains(options));
    }

    private static Task<CallOutcome> GetAsync(HttpClient client, CancellationToken cancellationToken) => CallOutcome.OfAsync(async () =>
    {
        await client.GetStringAsync("/upstream", cancellationToken);
        return 200;
    });

    private sealed class FixedToken(string text) : ISpidTokenProvider
    {
        private readonly ServerToken _token = new(text);

        public ValueTask<ServerToken> GetTokenAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(_token);

        public ValueTask<ServerToken> GetTokenAsync(TokenRequest request, CancellationToken cancellationToken = default) => ValueTask.FromResult(_token);

        public ValueTask<ServerToken?> RenewTokenAsync(ServerToken rejected, CancellationToken cancellationToken = default) => ValueTask.FromResult<ServerToken?>(null);
    }
}
