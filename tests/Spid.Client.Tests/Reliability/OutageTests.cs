using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>SPiD is down: the old token serves until it expires, and after that SPiD is asked at growing intervals only.</summary>
[CancelAfter(300_000)]
internal sealed class OutageTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(900);

    [Test(Description = "R3")]
    public async Task GetTokenAsync_DownWhileTokenLives_NoCallFailsOrWaitsUntilExpiry(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        await client.Tokens.GetTokenAsync(cancellationToken);
        DateTimeOffset expiry = client.Time.GetUtcNow() + Lifetime;
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        int waited = 0;
        int calls = 0;

        while (client.Time.GetUtcNow() < expiry)
        {
            ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
            waited += call.IsCompletedSuccessfully ? 0 : 1;
            calls += (await call).AccessToken == "token-1" ? 1 : 0;
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        SpidException? failure = await client.FailureAsync();
        Assert.That(waited, Is.Zero);
        Assert.That(calls, Is.EqualTo(1800));
        Assert.That(failure!.Kind, Is.EqualTo(SpidErrorKind.Transient));
    }

    [Test(Description = "R4, Vault #20645, Vault #26383, OpenBao #3747, Consul #12607")]
    public async Task GetTokenAsync_DownForAnHourUnderLoad_AttemptsAreFewAndKeepTheirDistance(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        DateTimeOffset start = client.Time.GetUtcNow();
        List<TimeSpan> attempts = [];
        client.Spid.AnswerWith(_ =>
        {
            attempts.Add(client.Time.GetUtcNow() - start);
            return StubSpid.Error(503);
        });
        long calls = 0;
        long slow = 0;

        while (client.Time.GetUtcNow() - start < TimeSpan.FromHours(1))
        {
            // A thousand callers a second at first and around each attempt; in between fewer say the same.
            bool busy = client.Time.GetUtcNow() - start < TimeSpan.FromSeconds(20) || (attempts.Count > 0 && client.Time.GetUtcNow() - start - attempts[^1] < TimeSpan.FromMilliseconds(200));
            for (int call = 0; call < (busy ? 50 : 1); call++)
            {
                int before = client.Spid.Count;
                Task<ServerToken> task = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
                calls++;
                slow += task.IsCompleted || client.Entry.IsFetching || client.Spid.Count > before ? 0 : 1;
                _ = task.Exception;
                if (!task.IsCompleted)
                {
                    await client.SettleAsync();
                }
            }

            client.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        DateTimeOffset down = client.Time.GetUtcNow();
        client.Spid.AnswerWith(_ => StubSpid.Token("back"));
        while (await client.FailureAsync() is not null)
        {
            client.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        TimeSpan[] gaps = [.. attempts.Zip(attempts.Skip(1), (earlier, later) => later - earlier)];
        int atCap = Array.FindIndex(gaps, gap => gap >= TimeSpan.FromSeconds(15));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(calls, Is.GreaterThan(100_000));
            Assert.That(slow, Is.Zero, "callers that waited between attempts");
            Assert.That(attempts, Has.Count.LessThanOrEqualTo(250));
            Assert.That(attempts, Has.Count.GreaterThan(100), "SPiD is still asked");
            Assert.That(gaps, Has.All.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5)));
            Assert.That(gaps.Skip(atCap), Has.All.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
            Assert.That(client.Time.GetUtcNow() - down, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(30)));
        }
    }

    [Test(Description = "R2, AWS SDK for Java #5247")]
    public async Task GetTokenAsync_RefreshFails_LeavesRoomForThreeAttemptsBeforeTheMargin(
        [Values(60, 300, 900, 3600)] int lifetime, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));
        await client.Tokens.GetTokenAsync(cancellationToken);
        DateTimeOffset margin = client.Time.GetUtcNow() + TimeSpan.FromSeconds(lifetime - Math.Min(30, lifetime / 10));
        List<DateTimeOffset> attempts = [];
        client.Spid.AnswerWith(_ =>
        {
            attempts.Add(client.Time.GetUtcNow());
            return StubSpid.Error(503);
        });

        while (client.Time.GetUtcNow() < margin)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromSeconds(0.25));
        }

        Assert.That(attempts.Count(attempt => attempt < margin), Is.GreaterThanOrEqualTo(3));
    }

    [Test(Description = "Consul #12607")]
    public async Task GetTokenAsync_FailureThenSuccessThenFailure_BacksOffFromTheBeginning(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        for (int failure = 0; failure < 8; failure++)
        {
            await client.FailureAsync();
            client.Time.Advance(TimeSpan.FromSeconds(31));
        }

        client.Spid.AnswerWith(_ => StubSpid.Token("brief", expiresIn: 5));
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(6));
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        await client.FailureAsync();
        int requests = client.Spid.Count;
        client.Time.Advance(TimeSpan.FromSeconds(1));
        await client.FailureAsync();

        Assert.That(client.Spid.Count, Is.EqualTo(requests + 1));
    }
}
