using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Http;
using Spid.Client.Tokens;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Factories;

/// <summary>Microsoft.AspNetCore.Mvc.Testing: clients of the factory that call an application with tokens.</summary>
[CancelAfter(60_000)]
internal sealed class CalledApplicationTests
{
    private const string Audience = "https://messages.example.com";

    [Test]
    public async Task Script_PrimaryHandlerIsThatOfTheServer_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        await using WebApplicationFactory<MessagesApplication> application = factory.With(
            services => services.AddSingleton<IStartupFilter>(new Gate(host.Api)));
        host.AddApi(place, Quick.AddRetries);
        AskFor(host, "read:messages");
        host.Services.AddHttpClient(ApiHost.Name).ConfigurePrimaryHttpMessageHandler(() => application.Server.CreateHandler());

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
    }

    [Test]
    public async Task Get_TokenHandler_LetsTheCallerIn([Values] Way way, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        using HttpClient client = CreateClient(host, factory, way, "read:messages");

        string caller = await client.GetStringAsync("/messages", cancellationToken);

        Assert.That((caller, host.TokenRequests), Is.EqualTo((host.Spid.ClientId, 1)));
    }

    [Test]
    public async Task Get_NoTokenHandler_Answers401(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        using HttpClient client = factory.CreateClient();

        using HttpResponseMessage response = await client.GetAsync("/messages", cancellationToken);

        Assert.That((response.StatusCode, response.Headers.WwwAuthenticate.ToString()), Is.EqualTo((HttpStatusCode.Unauthorized, "Bearer realm=\"SPiD\"")));
    }

    [Test]
    public async Task Post_ScopeIsMissing_Answers403AndTheTokenStays([Values] Way way, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        using HttpClient client = CreateClient(host, factory, way, "read:messages");

        using HttpResponseMessage response = await client.PostAsJsonAsync("/messages", new Message("a message"), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("scope=\"write:messages\""));
        Assert.That(host.TokenRequests, Is.EqualTo(1));
    }

    [Test]
    public async Task Post_TokenIsRevoked_IsRepeatedWithItsBody([Values] Way way, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        await using WebApplicationFactory<MessagesApplication> application = factory.WithWebHostBuilder(builder => builder
            .UseSetting("Authentication:Schemes:SpidBearer:Mode", "Remote")
            .UseSetting("Authentication:Schemes:SpidBearer:Cache:MaximumAge", "00:00:00"));
        using HttpClient client = CreateClient(host, application, way, "write:messages");
        using HttpResponseMessage before = await client.PostAsJsonAsync("/messages", new Message("the first"), cancellationToken);
        host.Spid.RevokeAll(host.Spid.ClientId);

        using HttpResponseMessage response = await client.PostAsJsonAsync("/messages", new Message("the second"), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("the second"));
            Assert.That(host.TokenRequests, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task Get_BaseAddressOfTheFactoryIsNotAllowed_TokenStaysHere(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using var factory = new MessagesFactory(host);
        using var handler = new SpidTokenHandler(host.Provider.GetRequiredService<TokenClient>(), new SpidTokenHandlerOptions { AllowedOrigins = { Audience } });
        using HttpClient client = factory.CreateDefaultClient(handler);

        CallOutcome outcome = await CallOutcome.OfAsync(async () =>
        {
            using HttpResponseMessage response = await client.GetAsync("/messages", cancellationToken);
            return (int)response.StatusCode;
        });

        Assert.That(outcome.Failure?.Message, Does.Contain("AllowedOrigins.Add(\"http://localhost\")"), outcome.ToString());
        Assert.That(host.TokenRequests, Is.Zero);
    }

    private static HttpClient CreateClient(ApiHost host, WebApplicationFactory<MessagesApplication> application, Way way, string scope)
    {
        if (way is Way.HandlerOfTheClient)
        {
            var options = new SpidTokenHandlerOptions { Scope = scope, Resources = { Audience }, AllowedOrigins = { Audience } };
            return application.CreateDefaultClient(new Uri(Audience), new SpidTokenHandler(host.Provider.GetRequiredService<TokenClient>(), options));
        }

        host.AddApi(Place.After, _ => { });
        AskFor(host, scope);
        host.Services.AddHttpClient(ApiHost.Name).ConfigurePrimaryHttpMessageHandler(() => application.Server.CreateHandler());
        return host.Client;
    }

    private static void AskFor(ApiHost host, string scope) => host.Services.Configure<SpidTokenHandlerOptions>(ApiHost.Name, options =>
    {
        options.Scope = scope;
        options.Resources.Add(Audience);
    });

    /// <summary>How a test connects the token handler with the application in memory.</summary>
    public enum Way
    {
        /// <summary>A handler made by hand, given to <c>CreateDefaultClient</c>.</summary>
        HandlerOfTheClient,

        /// <summary>A registered client whose primary handler is that of the server.</summary>
        PrimaryHandler,
    }

    /// <summary>The service of the script in front of the application: it revokes tokens and fails.</summary>
    private sealed class Gate(Api api) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.Use(api.ReceiveAsync);
            next(application);
        };
    }
}
