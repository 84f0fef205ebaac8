using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Acceptance;

/// <content>Bytes are counted, not timed: the figures are exact in every build and on every machine.</content>
internal sealed partial class HandlerAcceptanceTests
{
    private const int Calls = 10_000;

    private static readonly Uri Url = new("https://api.example.com/v1/messages");

    [Test(Description = "Acceptance 12")]
    [NonParallelizable]
    public async Task SendAsync_TokenInCache_AllocatesNoMoreThanAConstantHeader(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        await client.Tokens.GetTokenAsync(cancellationToken);
        using var ours = new HttpMessageInvoker(new SpidTokenHandler(client.Tokens, new() { AllowedOrigins = { "https://api.example.com" } }) { InnerHandler = new ReadyHandler() });
        using var constant = new HttpMessageInvoker(new ConstantHeaderHandler { InnerHandler = new ReadyHandler() });

        long theirBytes = Measure(() => Send(constant, cancellationToken));
        long ourBytes = Measure(() => Send(ours, cancellationToken));

        Assert.That(ourBytes - theirBytes, Is.Zero, $"bytes in {Calls} calls, beside {theirBytes}");
        Assert.That(theirBytes, Is.Positive);
    }

    [Test(Description = "Acceptance 12")]
    [NonParallelizable]
    public async Task GetTokenAsync_TokenInCache_AllocatesNothing(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        await client.Tokens.GetTokenAsync(cancellationToken);

        long bytes = Measure(() => Finish(client.Tokens.GetTokenAsync(CancellationToken.None)));

        Assert.That(bytes, Is.Zero, $"bytes in {Calls} calls");
    }

    [Test(Description = "Acceptance 12")]
    [NonParallelizable]
    public async Task GetTokenAsync_TokenOfARequestInCache_AllocatesNothing(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var request = new TokenRequest("admin", ["https://a.example"], [new("tenant", "no")]);
        await client.Tokens.GetTokenAsync(request, cancellationToken);

        long bytes = Measure(() => Finish(client.Tokens.GetTokenAsync(request, CancellationToken.None)));

        Assert.That(bytes, Is.Zero, $"bytes in {Calls} calls");
    }

    private static void Send(HttpMessageInvoker invoker, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        Task<HttpResponseMessage> response = invoker.SendAsync(request, cancellationToken);
        if (!response.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The hit path waited for something.");
        }
    }

    private static void Finish(ValueTask<ServerToken> token)
    {
        if (!token.IsCompletedSuccessfully || token.Result is null)
        {
            throw new InvalidOperationException("The hit path waited for something.");
        }
    }

    private static long Measure(Action call)
    {
        for (int warmUp = 0; warmUp < 1000; warmUp++)
        {
            call();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int measured = 0; measured < Calls; measured++)
        {
            call();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
