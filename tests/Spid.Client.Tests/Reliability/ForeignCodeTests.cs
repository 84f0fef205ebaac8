using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Reliability;

/// <content>Strategies and handlers.</content>
internal sealed partial class ForeignCodeTests
{
    [Test(Description = "A24")]
    public async Task GetTokenAsync_HandlerBlocksItsThread_CallersLeaveAtTheTimeout([Values] bool cached, CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        int inside = 0;
        using var client = new DrivenClient();
        client.Spid.Answer = (number, _, _) =>
        {
            Interlocked.Increment(ref inside);
            blocked.Wait(cancellationToken);
            return Task.FromResult(StubSpid.Token($"token-{number}"));
        };

        Task<ServerToken> call = cached ? client.Tokens.GetTokenAsync(cancellationToken).AsTask() : client.Tokens.RequestTokenAsync(cancellationToken);
        await Wait.UntilAsync(() => Volatile.Read(ref inside) == 1);
        client.Time.Advance(client.Options.Resilience.Timeout - TimeSpan.FromMilliseconds(1));
        bool early = call.IsCompleted;
        client.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Wait.UntilAsync(() => call.IsCompleted);
        blocked.Set();

        Assert.That(early, Is.False);
        AssertTimedOut(call);
    }

    [Test(Description = "A24: a strategy that replaces ours")]
    public async Task GetTokenAsync_StrategyTakesNoNoticeOfTheTimeout_CallersLeaveAtTheTimeout([Values] bool blocks, CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        int inside = 0;
        using var driven = new DrivenClient();
        using var httpClient = new HttpClient(driven.Spid, disposeHandler: false);
        var strategy = new Strategy(
            async () =>
            {
                Interlocked.Increment(ref inside);
                if (blocks)
                {
                    blocked.Wait(cancellationToken);
                }

                await never.Task;
            },
            () => { });
        using TokenClient tokens = CreateClient(driven, httpClient, strategy);

        Task<ServerToken> call = tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => Volatile.Read(ref inside) == 1);
        driven.Time.Advance(TimeSpan.FromSeconds(15));
        await Wait.UntilAsync(() => call.IsCompleted);
        blocked.Set();
        never.SetResult();

        AssertTimedOut(call);
    }

    [Test(Description = "A24: after the callers have been told nothing changes any more")]
    public async Task GetTokenAsync_TokenComesAfterTheTimeout_IsDropped(CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        int ended = 0;
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.Answer = (number, _, _) =>
        {
            if (number == 1)
            {
                blocked.Wait(cancellationToken);
                Interlocked.Increment(ref ended);
            }

            return Task.FromResult(StubSpid.Token($"token-{number}"));
        };
        Task<ServerToken> first = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);
        client.Time.Advance(TimeSpan.FromSeconds(15));
        await Wait.UntilAsync(() => first.IsCompleted);
        blocked.Set();
        await Wait.UntilAsync(() => Volatile.Read(ref ended) == 1 && client.Time.Timers == 0);

        SpidException? remembered = await client.FailureAsync();
        client.Time.Advance(TimeSpan.FromSeconds(2));
        ServerToken second = await client.Tokens.GetTokenAsync(cancellationToken);

        AssertTimedOut(first);
        Assert.That(remembered?.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(second.AccessToken, Is.EqualTo("token-2"));
    }

    [Test(Description = "A23 A24: what stands around the request fails after SPiD has answered")]
    public async Task GetTokenAsync_StrategyThrowsAfterAGoodAnswer_TokenIsServedAndKept(CancellationToken cancellationToken)
    {
        using var driven = new DrivenClient();
        using var httpClient = new HttpClient(driven.Spid, disposeHandler: false);
        using TokenClient tokens = CreateClient(driven, httpClient, new Strategy(() => Task.CompletedTask, () => throw new InvalidOperationException("Too late.")));

        ServerToken token = await tokens.GetTokenAsync(cancellationToken);
        ServerToken again = await tokens.GetTokenAsync(cancellationToken);

        Assert.That(again, Is.SameAs(token));
        Assert.That(driven.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "A24")]
    public async Task GetTokenAsync_RefreshBlocks_TokenIsServedUntilItExpires(CancellationToken cancellationToken)
    {
        using var blocked = new ManualResetEventSlim();
        using var client = new DrivenClient();
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.Answer = (number, _, _) =>
        {
            blocked.Wait(cancellationToken);
            return Task.FromResult(StubSpid.Token($"token-{number}"));
        };

        bool atOnce = true;
        for (int second = 850; second < 900; second++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(second == 850 ? 850 : 1));
            ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
            atOnce &= call.IsCompleted && ReferenceEquals(await call, first);
        }

        blocked.Set();

        Assert.That(atOnce, Is.True);
    }

    private static TokenClient CreateClient(DrivenClient driven, HttpClient httpClient, Strategy strategy) => new(
        "",
        TestClient.Options(),
        new TokenClientParts
        {
            TimeProvider = driven.Time,
            Logger = NullLogger.Instance,
            GetHttpClient = () => httpClient,
            CreatePipeline = _ => new ResiliencePipelineBuilder { TimeProvider = driven.Time }.AddStrategy(_ => strategy, new Options()).Build(),
        },
        owned: null);

    private static void AssertTimedOut(Task<ServerToken> call)
    {
        var failure = call.Exception?.InnerException as SpidException;
        Assert.That(failure?.Kind, Is.EqualTo(SpidErrorKind.Transient));
        Assert.That(failure?.Message, Does.Contain("did not answer in time"));
    }

    private sealed class Options : ResilienceStrategyOptions;
}
