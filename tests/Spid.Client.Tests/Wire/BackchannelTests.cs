using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Diagnostics;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Wire;

[CancelAfter(60_000)]
internal sealed class BackchannelTests
{
    [Test]
    public void Secure_SocketsHandler_FollowsNoRedirectsAndKeepsNoCookies()
    {
        using var handler = new SocketsHttpHandler();

        Backchannel.Secure(handler);

        Assert.That((handler.AllowAutoRedirect, handler.UseCookies), Is.EqualTo((false, false)));
        Assert.That(handler.ActivityHeadersPropagator, Is.Null, "The platform's span would quote a broken answer.");
    }

    [Test]
    public void Secure_ClientHandler_FollowsNoRedirectsAndKeepsNoCookies()
    {
        using var handler = new HttpClientHandler();

        Backchannel.Secure(handler);

        Assert.That((handler.AllowAutoRedirect, handler.UseCookies), Is.EqualTo((false, false)));
    }

    [Test]
    public void Secure_WrappedHandler_FollowsNoRedirects()
    {
        var transport = new SocketsHttpHandler();
        using var handler = new RepeatingHandler(1) { InnerHandler = new RepeatingHandler(1) { InnerHandler = transport } };

        Backchannel.Secure(handler);

        Assert.That(transport.AllowAutoRedirect, Is.False);
    }

    [Test]
    public void Secure_WrapperWithoutTransport_IsLeftAsItIs()
    {
        using var handler = new RepeatingHandler(1);

        Assert.That(() => Backchannel.Secure(handler), Throws.Nothing);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Secure_HandlerThatHasSentRequests_SaysWhatToGiveInstead(bool sockets, CancellationToken cancellationToken)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Status(200));
        using HttpMessageHandler handler = sockets ? new SocketsHttpHandler() : new HttpClientHandler();
        using var client = new HttpClient(handler, disposeHandler: false);
        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://127.0.0.1:{server.Port}/"), cancellationToken);

        Assert.That(() => Backchannel.Secure(handler), Throws.InvalidOperationException.With.Message.EndsWith("give the connection a handler of its own."));
    }

    [Test]
    public async Task Secure_SafeHandlerThatHasSentRequests_StaysInUse(CancellationToken cancellationToken)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Status(200));
        using var handler = new SocketsHttpHandler();
        Backchannel.Secure(handler);
        using var client = new HttpClient(handler, disposeHandler: false);
        using HttpResponseMessage response = await client.GetAsync(new Uri($"http://127.0.0.1:{server.Port}/"), cancellationToken);

        Assert.That(() => Backchannel.Secure(handler), Throws.Nothing);
    }

    [Test]
    public void AddSpidClientCredentials_HandlerFromDefaults_ReachesSpidThroughItWithRedirectsOff()
    {
        using var chosen = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(3) };
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => chosen));
        services.AddSpidClientCredentials(Valid);
        using ServiceProvider provider = services.BuildServiceProvider();

        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(SpidDiagnostics.BackchannelName);

        Assert.That(chosen.AllowAutoRedirect, Is.False);
    }

    [Test]
    public async Task AddSpidClientCredentials_StubFromDefaults_ReceivesTheTokenRequest(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => spid));
        services.AddSpidClientCredentials(Valid);
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);

        Assert.That(spid.Count, Is.EqualTo(1));
    }

    private static void Valid(SpidClientOptions options)
    {
        SpidClientOptions valid = TestClient.Options();
        options.Environment = valid.Environment;
        options.ClientId = valid.ClientId;
        options.ClientSecret = valid.ClientSecret;
    }
}
