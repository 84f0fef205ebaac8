using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <content>Azure.Core.</content>
internal sealed partial class TokenClientTests
{
    [Test(Description = "Azure A1: each refresh of a four-minute token starts the next, 500 calls are 500 requests")]
    public async Task GetTokenAsync_FourMinuteTokenAndFiveHundredCalls_SendOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", 240));

        for (int call = 0; call < 500; call++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync(client.Spid.Count);
        }

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "Azure A2, #19424, #44817: a waiter without a token sees the cancellation of the leader")]
    public async Task GetTokenAsync_LeaderCancelsInFortyRounds_WaitersWithoutTokenNeverSeeACancellation()
    {
        for (int round = 0; round < 40; round++)
        {
            using var client = new TestClient();
            using var leader = new CancellationTokenSource();
            var open = new TaskCompletionSource();
            client.Spid.Answer = async (number, _, cancellationToken) =>
            {
                await open.Task.WaitAsync(cancellationToken);
                return StubSpid.Token($"token-{number}");
            };
            Task<ServerToken> leading = client.Tokens.GetTokenAsync(leader.Token).AsTask();
            Task<ServerToken>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(() => client.Tokens.GetTokenAsync(CancellationToken.None).AsTask()))];

            await leader.CancelAsync();
            open.SetResult();
            ServerToken[] tokens = await Task.WhenAll(waiting);

            Assert.That(tokens.Select(token => token.AccessToken), Has.All.EqualTo("token-1"));
            Assert.That(leading.Status, Is.AnyOf(TaskStatus.Canceled, TaskStatus.WaitingForActivation));
        }
    }

    [Test(Description = "Azure A5: cold failures are not remembered, 20 calls are 20 requests")]
    public async Task GetTokenAsync_TwentyColdCallsAgainstRefusedCredentials_SendOneRequest()
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));

        for (int call = 0; call < 20; call++)
        {
            await client.FailureAsync();
        }

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "Azure A6: a token that expires while its refresh runs starts a second fetch")]
    public async Task GetTokenAsync_TokenExpiresWhileItsRefreshRuns_CallersJoinThatRefresh(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Resilience.AttemptTimeout = options.Resilience.Timeout = TimeSpan.FromMinutes(10));
        await client.Tokens.GetTokenAsync(cancellationToken);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        client.Time.Advance(TimeSpan.FromSeconds(899.5));
        await client.Tokens.GetTokenAsync(cancellationToken);
        await Wait.UntilAsync(() => client.Spid.Count == 2);
        client.Time.Advance(TimeSpan.FromSeconds(0.7));

        Task<ServerToken>[] calls = [.. Enumerable.Range(0, 20).Select(_ => client.Tokens.GetTokenAsync(cancellationToken).AsTask())];
        open.SetResult();
        ServerToken[] tokens = await Task.WhenAll(calls);

        Assert.That(tokens.Select(token => token.AccessToken), Has.All.EqualTo("token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "Azure #45351: a caller that passes no token hangs when the leader is cancelled")]
    public async Task GetTokenAsync_LeaderCancelsAndSpidNeverAnswers_CallerWithoutTokenIsFreedByTheTimeout()
    {
        using var client = new DrivenClient();
        client.Hang();
        using var leader = new CancellationTokenSource();
        Task<ServerToken> leading = client.Tokens.GetTokenAsync(leader.Token).AsTask();
        Task<ServerToken> waiting = client.Tokens.GetTokenAsync(CancellationToken.None).AsTask();
        await Wait.UntilAsync(() => client.Blocked == 1);

        await leader.CancelAsync();
        await client.DriveAsync(() => waiting.IsCompleted);

        Assert.That(waiting.Exception!.InnerException, Is.InstanceOf<SpidException>().With.Message.EndsWith("could not be reached: it did not answer in time."));
        Assert.That(async () => await leading, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(client.Entry.IsFetching, Is.False);
    }
}
