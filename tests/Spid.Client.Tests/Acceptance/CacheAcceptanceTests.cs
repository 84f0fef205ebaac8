using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Acceptance;

/// <summary>The acceptance tests of the token cache; each has a library in use today that fails it.</summary>
[CancelAfter(60_000)]
internal sealed class CacheAcceptanceTests
{
    [Test(Description = "Acceptance 1")]
    public async Task GetTokenAsync_OneCallASecondForAnHour_SendsAtMostSixRequests(CancellationToken cancellationToken)
    {
        using var client = new TestClient();

        for (int second = 0; second < 3600; second++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync(client.Spid.Count);
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(6));
    }

    [Test(Description = "Acceptance 2")]
    public async Task GetTokenAsync_TenThousandColdCallers_SendsOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };

        Task<ServerToken>[] callers = [.. Enumerable.Range(0, 10_000).Select(_ => Task.Run(() => client.Tokens.GetTokenAsync(cancellationToken).AsTask(), cancellationToken))];
        open.SetResult();
        ServerToken[] tokens = await Task.WhenAll(callers);

        Assert.That(client.Spid.Count, Is.EqualTo(1));
        Assert.That(tokens.Select(token => token.AccessToken).Distinct(), Is.EqualTo(new[] { "token-1" }));
    }

    [TestCase(1)]
    [TestCase(30)]
    [TestCase(60)]
    [TestCase(240)]
    [TestCase(300)]
    [Test(Description = "Acceptance 6")]
    public async Task GetTokenAsync_ShortLifetime_SendsNoMoreRequestsThanLifetimesPlusOne(int lifetime, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));

        for (int step = 0; step < 300; step++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync(client.Spid.Count);
            client.Time.Advance(TimeSpan.FromSeconds(lifetime / 100.0));
        }

        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(3 + 1));
    }

    [Test(Description = "Acceptance 7")]
    public async Task GetTokenAsync_LeaderAndHalfOfTheWaitersCancel_TheOthersShareOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var impatience = new CancellationTokenSource();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };

        Task<ServerToken>[] leaving = [.. Enumerable.Range(0, 50).Select(_ => client.Tokens.GetTokenAsync(impatience.Token).AsTask())];
        Task<ServerToken>[] staying = [.. Enumerable.Range(0, 50).Select(_ => client.Tokens.GetTokenAsync(CancellationToken.None).AsTask())];
        await impatience.CancelAsync();
        open.SetResult();

        Assert.That(await Task.WhenAll(staying), Has.All.Property(nameof(ServerToken.AccessToken)).EqualTo("token-1"));
        Assert.That(leaving.Select(task => task.Status), Has.All.EqualTo(TaskStatus.Canceled));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }
}
