using Polly;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Reliability;

/// <summary>Many different tokens are asked for at once.</summary>
[NonParallelizable]
[CancelAfter(300_000)]
internal sealed class ConcurrencyTests
{
    private const int Requests = 500;

    [Test(Description = "A21")]
    public async Task GetTokenAsync_ManyRequestsAndASilentEndpoint_BoundHoldsAndAllEndWithinTheTimeout(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Hang();
        Task<ServerToken>[] calls = [.. Enumerable.Range(0, Requests).Select(key => client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken).AsTask())];

        // The time of a fetch counts from its beginning, when it gets a timer. One that has its turn has two more: the timeout of the attempt and its stall.
        await Wait.UntilAsync(() => client.Blocked == 64 && client.Time.Timers == Requests + (2 * 64));
        client.Time.Advance(client.Options.Resilience.Timeout);
        int most = 0;
        await Wait.UntilAsync(() =>
        {
            most = Math.Max(most, client.Blocked);
            return Array.TrueForAll(calls, call => call.IsCompleted);
        });

        Assert.That(most, Is.LessThanOrEqualTo(64));
        Assert.That(calls.Select(call => (call.Exception?.InnerException as SpidException)?.Kind), Has.All.EqualTo(SpidErrorKind.Transient));
    }

    [Test(Description = "A21: whatever pipeline stands in the place of ours")]
    public async Task GetTokenAsync_ManyRequestsAndNoPipeline_BoundHoldsAndAllEndWithinTheTimeout(CancellationToken cancellationToken)
    {
        using var driven = new DrivenClient();
        driven.Hang();
        using var httpClient = new HttpClient(driven.Spid, disposeHandler: false);
        using TokenClient tokens = CreateClient(httpClient, driven, options => options.Resilience.MaximumConcurrency = 8);
        Task<ServerToken>[] calls = [.. Enumerable.Range(0, Requests).Select(key => tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken).AsTask())];

        int most = 0;
        await driven.DriveAsync(
            () =>
            {
                most = Math.Max(most, driven.Blocked);
                return Array.TrueForAll(calls, call => call.IsCompleted);
            },
            TimeSpan.FromSeconds(1));

        Assert.That(most, Is.InRange(1, 8));
        Assert.That(calls.Select(call => (call.Exception?.InnerException as SpidException)?.Kind), Has.All.EqualTo(SpidErrorKind.Transient));
    }

    [Test(Description = "A21: a slow endpoint that works")]
    public async Task GetTokenAsync_MoreRequestsThanTurns_AllGetTheirTokensOneAfterTheOther(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.MaximumConcurrency = 10);
        client.Spid.Answer = async (_, form, requestCancelled) =>
        {
            await client.StallAsync(TimeSpan.FromSeconds(1), requestCancelled);
            return StubSpid.Token(KeyNames.InForm(form));
        };

        Task<ServerToken>[] calls = [.. Enumerable.Range(0, 50).Select(key => client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken).AsTask())];
        for (int sent = 10; sent <= 50; sent += 10)
        {
            await Wait.UntilAsync(() => client.Blocked == 10 && client.Spid.Count == sent);
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        ServerToken[] tokens = await Task.WhenAll(calls);

        Assert.That(tokens.Select(token => token.AccessToken), Is.EqualTo(Enumerable.Range(0, 50).Select(KeyNames.Of)));
    }

    [Test(Description = "A21: explicit requests count as well")]
    public async Task RequestTokenAsync_NoTurnFree_WaitsForItsTurn(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.MaximumConcurrency = 1);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        Task<ServerToken>[] calls = [.. Enumerable.Range(0, 5).Select(_ => client.Tokens.RequestTokenAsync(cancellationToken))];
        await Wait.UntilAsync(() => client.Spid.Count == 1);
        open.SetResult();

        ServerToken[] tokens = await Task.WhenAll(calls);

        Assert.That(tokens.Select(token => token.AccessToken), Is.EquivalentTo(Enumerable.Range(1, 5).Select(number => $"token-{number}")));
    }

    private static TokenClient CreateClient(HttpClient httpClient, DrivenClient driven, Action<SpidClientOptions> configure)
    {
        SpidClientOptions options = TestClient.Options();
        configure(options);
        return new TokenClient(
            "",
            options,
            new TokenClientParts
            {
                TimeProvider = driven.Time,
                Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
                GetHttpClient = () => httpClient,
                CreatePipeline = _ => ResiliencePipeline.Empty,
            },
            owned: null);
    }
}
