using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;

namespace Spid.Hosts.Tests.Connection;

/// <summary>.NET repeats a POST body, the client secret included, to another origin on 307 and 308. No transport may, wherever it is configured.</summary>
[CancelAfter(60_000)]
internal sealed class TransportTests
{
    private readonly PauselessTime _time = new();
    private SpidServer _spid = null!;
    private SpidServer _other = null!;

    [SetUp]
    public async Task StartAsync() => (_spid, _other) = (await SpidServers.StartAsync(_time), await SpidServers.StartAsync(_time));

    [TearDown]
    public async Task StopAsync()
    {
        await _spid.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Test(Description = "A3")]
    public async Task Call_RedirectToAnotherOrigin_IsNotFollowed([Values] SpidCall call, [Values] Place place, CancellationToken cancellationToken) =>
        await AssertNotFollowedAsync(call, place, () => new SocketsHttpHandler(), 307, cancellationToken);

    [Test(Description = "A3")]
    public async Task Call_RedirectToAnotherOrigin_IsNotFollowedByAnyKindOfTransport(
        [Values(SpidCall.Token, SpidCall.Introspection)] SpidCall call, [Values] Transport transport, [Values(302, 308)] int status, CancellationToken cancellationToken) =>
        await AssertNotFollowedAsync(call, Place.Builder, () => Create(transport), status, cancellationToken);

    [Test]
    public async Task Call_RedirectToAnotherOriginAndTransportConfiguredInPlace_IsNotFollowed([Values(SpidCall.Token, SpidCall.Introspection)] SpidCall call, CancellationToken cancellationToken)
    {
        await using Application application = CreateApplication(call);
        application.Backchannel.UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = true);

        await AssertNotFollowedAsync(application, call, 307, cancellationToken);
    }

    [Test]
    public async Task Call_SpidSetsACookie_IsNotSentBack([Values] SpidCall call, [Values] Transport transport, CancellationToken cancellationToken)
    {
        _spid.Faults.Always(Application.EndpointOf(call), SpidFault.Status(400).WithHeader("Set-Cookie", "session=tracked; Path=/"));
        await using Application application = CreateApplication(call);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(() => Create(transport));

        await application.CallAsync(cancellationToken);
        _spid.Faults.Clear();
        await application.CallAsync(cancellationToken);

        Assert.That(_spid.Requests.All.Select(request => request.Header("Cookie")), Has.All.Null.And.Not.Empty);
    }

    [Test]
    public async Task Call_SpansAreListenedTo_LeavesNoSpanOfThePlatformAndSendsNoTraceHeaders([Values] SpidCall call, [Values] Transport transport, CancellationToken cancellationToken)
    {
        using var spans = new SpanRecorder(_spid.BaseAddress);
        await using Application application = CreateApplication(call);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(() => Create(transport));

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(spans.OfThePlatform, Is.Empty);
            Assert.That(_spid.Requests.All.Select(request => request.Header("traceparent")), Has.All.Null.And.Not.Empty);
        }
    }

    private static HttpMessageHandler Create(Transport transport) => transport switch
    {
        Transport.Sockets => new SocketsHttpHandler(),
        Transport.Client => new HttpClientHandler(),
        Transport.DerivedClient => new DerivedClientHandler(),
        Transport.WrappedSockets => new NotingHandler(_ => { }) { InnerHandler = new SocketsHttpHandler() },
        _ => new NotingHandler(_ => { }) { InnerHandler = new NotingHandler(_ => { }) { InnerHandler = new HttpClientHandler() } },
    };

    private Application CreateApplication(SpidCall call, Action<IServiceCollection>? configure = null) => new(call, _spid, _time, configure);

    private async Task AssertNotFollowedAsync(SpidCall call, Place place, Func<HttpMessageHandler> create, int status, CancellationToken cancellationToken)
    {
        string name = Application.NameOf(call);
        await using Application application = CreateApplication(call, services =>
        {
            switch (place)
            {
                case Place.BeforeRegistration:
                    services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(create);
                    break;
                case Place.DefaultsBeforeRegistration:
                    services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(create));
                    break;
                case Place.HandlerBuilderBeforeRegistration:
                    services.AddTransient<HttpMessageHandlerBuilder>(provider => new OwnHandlerBuilder(provider, create()));
                    break;
                default:
                    break;
            }
        });
        switch (place)
        {
            case Place.Builder:
                application.Backchannel.ConfigurePrimaryHttpMessageHandler(create).SetHandlerLifetime(TimeSpan.FromHours(1));
                break;
            case Place.AfterRegistration:
                application.Services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(_ => create());
                break;
            case Place.DefaultsAfterRegistration:
                application.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(create));
                break;
            case Place.PostConfigure:
                application.Services.PostConfigure<HttpClientFactoryOptions>(name, options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = create()));
                break;
            case Place.FirstFilter:
                application.Services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new TransportFilter(create)));
                break;
            case Place.HandlerBuilderAfterRegistration:
                application.Services.AddTransient<HttpMessageHandlerBuilder>(provider => new OwnHandlerBuilder(provider, create()));
                break;
            default:
                break;
        }

        await AssertNotFollowedAsync(application, call, status, cancellationToken);
    }

    private async Task AssertNotFollowedAsync(Application application, SpidCall call, int status, CancellationToken cancellationToken)
    {
        SpidEndpoint endpoint = Application.EndpointOf(call);
        _spid.Faults.Always(endpoint, SpidFault.Redirect(status, new Uri(_other.BaseAddress, "/stolen")));

        string? failure = await application.CallAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, Is.Not.Null, "the answer of the other origin is no answer of SPiD");
            Assert.That(_spid.Requests.To(endpoint), Has.Count.EqualTo(1));
            Assert.That(_other.Requests.All, Is.Empty);
        }
    }

    /// <summary>Where an application can say which transport is used.</summary>
    internal enum Place
    {
        Builder,
        BeforeRegistration,
        AfterRegistration,
        DefaultsBeforeRegistration,
        DefaultsAfterRegistration,
        PostConfigure,
        FirstFilter,
        HandlerBuilderBeforeRegistration,
        HandlerBuilderAfterRegistration,
    }

    /// <summary>The transports that can be made safe.</summary>
    internal enum Transport
    {
        Sockets,
        Client,
        DerivedClient,
        WrappedSockets,
        TwiceWrappedClient,
    }

    private sealed class DerivedClientHandler : HttpClientHandler;

    private sealed class TransportFilter(Func<HttpMessageHandler> create) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = create();
        };
    }

    private sealed class OwnHandlerBuilder(IServiceProvider services, HttpMessageHandler primary) : HttpMessageHandlerBuilder
    {
        public override string? Name { get; set; }

        public override HttpMessageHandler PrimaryHandler { get => primary; set => _ = value; }

        public override IList<DelegatingHandler> AdditionalHandlers { get; } = [];

        public override IServiceProvider Services { get; } = services;

        public override HttpMessageHandler Build() => CreateHandlerPipeline(primary, AdditionalHandlers);
    }
}
