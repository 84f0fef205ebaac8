using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;

namespace Spid.Hosts.Tests.Connection;

/// <summary>IHttpClientFactory remembers the exception of a handler that could not be made for as long as the process lives.</summary>
[CancelAfter(60_000)]
internal sealed class FailingFactoryTests
{
    private readonly PauselessTime _time = new();
    private SpidServer _spid = null!;
    private int _made;

    [SetUp]
    public void Start() => _spid = SpidServers.Create(_time);

    [TearDown]
    public async Task StopAsync() => await _spid.DisposeAsync();

    [Test(Description = "A4")]
    public async Task Call_CodeOfTheApplicationThrowsOnce_FailsOnceAndSucceedsAfterThePause([Values] SpidCall call, [Values] Door door, CancellationToken cancellationToken)
    {
        await using Application application = Create(call, door);
        application.Services.PostConfigure<SpidClientOptions>(options => options.Resilience.RetryAttempts = 0);

        string? first = await application.CallAsync(cancellationToken);
        _time.Advance(TimeSpan.FromSeconds(100));
        string? second = await application.CallAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            // The token that authorises a look-up is asked for again at once.
            Assert.That(first, call is SpidCall.LookUp ? Is.Null : Does.StartWith("Transient").Or.StartWith("Unavailable"));
            Assert.That(second, Is.Null);
            Assert.That(_made, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task GetTokenAsync_PrimaryHandlerFactoryThrowsOnce_TheNextAttemptSucceeds(CancellationToken cancellationToken)
    {
        await using var application = new Application(SpidCall.Token, _spid, _time);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(() => FailFirst(_spid.CreateHandler));

        ServerToken token = await application.Provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.Not.Empty);
        Assert.That(_made, Is.EqualTo(2));
    }

    [Test]
    public async Task GetTokenAsync_PrimaryHandlerFactoryKeepsThrowing_SaysWhatFailedAndKeepsTheCause(CancellationToken cancellationToken)
    {
        await using var application = new Application(SpidCall.Token, _spid, _time);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler((Func<HttpMessageHandler>)(() => throw new InvalidOperationException("certificate of the application")));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(
            () => application.Provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken).AsTask()))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Kind, Is.EqualTo(SpidErrorKind.Transient));
            Assert.That(exception.Message, Does.Contain(nameof(InvalidOperationException)));
            Assert.That(exception.InnerException, Is.TypeOf<InvalidOperationException>());
        }
    }

    private Application Create(SpidCall call, Door door)
    {
        var application = new Application(call, _spid, _time);
        IHttpClientBuilder backchannel = application.Backchannel;
        backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler);
        switch (door)
        {
            case Door.PrimaryHandler:
                backchannel.ConfigurePrimaryHttpMessageHandler(() => FailFirst(_spid.CreateHandler));
                break;
            case Door.AdditionalHandler:
                backchannel.AddHttpMessageHandler(() => FailFirst(() => new NotingHandler(_ => { })));
                break;
            case Door.PrimaryHandlerOfAllClients:
                application.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => FailFirst(_spid.CreateHandler)));
                break;
            case Door.Options:
                application.Services.AddTransient<IConfigureOptions<HttpClientFactoryOptions>>(_ => FailFirst(
                    () => new ConfigureNamedOptions<HttpClientFactoryOptions>(Application.NameOf(call), _ => { })));
                break;
            default:
                bool hasFailed = false;
                backchannel.ConfigureHttpClient(_ =>
                {
                    if (!hasFailed)
                    {
                        hasFailed = true;
                        FailFirst(() => 0);
                    }

                    _made = 2;
                });
                break;
        }

        return application;
    }

    private T FailFirst<T>(Func<T> create) => Interlocked.Increment(ref _made) == 1
        ? throw new InvalidOperationException("certificate of the application")
        : create();

    /// <summary>Where code of the application runs while the connection is made.</summary>
    internal enum Door
    {
        PrimaryHandler,
        AdditionalHandler,
        PrimaryHandlerOfAllClients,
        Options,
        Client,
    }
}
