using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>Callers leave; the fetch belongs to none of them.</summary>
[NonParallelizable]
[CancelAfter(300_000)]
internal sealed class CancellationTests
{
    [Test(Description = "R8")]
    public async Task GetTokenAsync_AllButOneOfTenThousandCancel_TheLastGetsTheTokenOfTheOneRequest()
    {
        using var client = new TestClient();
        using var impatience = new CancellationTokenSource();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        var leaving = new Task<ServerToken>[9_999];
        Parallel.For(0, leaving.Length, index => leaving[index] = client.Tokens.GetTokenAsync(impatience.Token).AsTask());
        Task<ServerToken> last = client.Tokens.GetTokenAsync(CancellationToken.None).AsTask();

        await impatience.CancelAsync();
        await Wait.UntilAsync(() => leaving.All(task => task.IsCompleted));
        open.SetResult();
        ServerToken token = await last;

        Assert.That(token.AccessToken, Is.EqualTo("token-1"));
        Assert.That(leaving.Select(task => task.Status), Has.All.EqualTo(TaskStatus.Canceled));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "R8")]
    public async Task GetTokenAsync_AllCancelAndSpidAnswersLater_TokenIsCached(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var impatience = new CancellationTokenSource();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        Task<ServerToken>[] leaving = [.. Enumerable.Range(0, 1000).Select(_ => client.Tokens.GetTokenAsync(impatience.Token).AsTask())];

        await impatience.CancelAsync();
        open.SetResult();
        await client.SettleAsync(1);
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token-1"));
        Assert.That(leaving.Select(task => task.Status), Has.All.EqualTo(TaskStatus.Canceled));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "R8")]
    public async Task GetTokenAsync_AllCancelAndSpidNeverAnswers_FetchEndsAtItsOwnTimeoutAndLeavesNothingUnobserved()
    {
        (TimeSpan Took, bool Fetching, int Requests) hung = default;
        IReadOnlyList<Exception> unobserved = await Unobserved.AfterAsync(async () => hung = await HangAsync());

        Assert.That(hung.Fetching, Is.False);
        Assert.That(hung.Took, Is.InRange(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(15.1)));
        Assert.That(hung.Requests, Is.EqualTo(3));
        Assert.That(unobserved, Is.Empty);

        static async Task<(TimeSpan Took, bool Fetching, int Requests)> HangAsync()
        {
            using var client = new DrivenClient();
            using var impatience = new CancellationTokenSource();
            client.Hang();
            for (int caller = 0; caller < 1000; caller++)
            {
                _ = client.Tokens.GetTokenAsync(impatience.Token).AsTask();
            }

            await Wait.UntilAsync(() => client.Blocked == 1);
            await impatience.CancelAsync();
            DateTimeOffset start = client.Time.GetUtcNow();
            await client.SettleAsync();
            return (client.Time.GetUtcNow() - start, client.Entry.IsFetching, client.Spid.Count);
        }
    }
}
