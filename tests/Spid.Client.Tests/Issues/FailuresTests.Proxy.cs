using System.Net;
using Microsoft.Extensions.Time.Testing;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Issues;

/// <summary>The platform names a proxy that refuses by its whole address, password included.</summary>
[CancelAfter(60_000)]
internal sealed class FailuresTests
{
    [Test]
    public async Task GetTokenAsync_ProxyRefuses_TellsNoPasswordOfTheProxy(CancellationToken cancellationToken)
    {
        using var proxy = new LoopbackServer(_ => LoopbackServer.Status(503));
        using var handler = new SocketsHttpHandler
        {
            Proxy = new WebProxy($"http://user:{Canary.Secret}@127.0.0.1:{proxy.Port}") { BypassProxyOnLocal = false },
        };
        using var http = new HttpClient(handler);
        SpidClientOptions options = TestClient.Options();
        options.Resilience.RetryAttempts = 0;
        using var tokens = new TokenClient(options, http, new FakeTimeProvider());

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => tokens.GetTokenAsync(cancellationToken).AsTask());

        Assert.That(exception!.Message, Does.EndWith("the connection failed (ProxyTunnelError)."));
        Canary.AssertAbsent(exception.ToString());
    }
}
