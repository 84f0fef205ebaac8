using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <content>When a token is renewed, waited for and never handed out again.</content>
internal sealed partial class TokenClientTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(30)]
    [TestCase(60)]
    [TestCase(299)]
    [TestCase(300)]
    [TestCase(301)]
    [TestCase(900)]
    [TestCase(3600)]
    [TestCase(86_400)]
    [TestCase(604_800)]
    [TestCase(2_419_200)]
    public async Task GetTokenAsync_AnyLifetime_RefreshesNearEightyPercentAndIsNeverServedPastExpiry(int lifetime, CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.RefreshJitter = 0);
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));
        await client.Tokens.GetTokenAsync(cancellationToken);
        TimeSpan life = TimeSpan.FromSeconds(lifetime);
        var millisecond = TimeSpan.FromMilliseconds(1);

        client.Time.Advance((life * 0.8) - millisecond);
        ServerToken before = await client.Tokens.GetTokenAsync(cancellationToken);
        int early = client.Spid.Count;
        client.Time.Advance(millisecond);
        ServerToken at = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync(2);
        ServerToken renewed = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(life);
        ServerToken expired = await client.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.EqualTo(1));
            Assert.That(new[] { before, at, renewed, expired }.Select(token => token.AccessToken), Is.EqualTo(new[] { "token-1", "token-1", "token-2", "token-3" }));
            Assert.That(client.Spid.Count, Is.EqualTo(3));
        }
    }

    [TestCase("")]
    [TestCase(""","expires_in":0""")]
    [TestCase(""","expires_in":-60""")]
    [TestCase(""","expires_in":null""")]
    [TestCase(""","expires_in":"never" """)]
    [Test(Description = "golang/oauth2 X4")]
    public async Task GetTokenAsync_NoPositiveLifetime_SharesTheTokenForOneSecond(string lifetime, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Json(System.Net.HttpStatusCode.OK, $$"""{"access_token":"token-{{number}}"{{lifetime}}}""");
        };

        Task<ServerToken>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => client.Tokens.GetTokenAsync(cancellationToken).AsTask())];
        open.SetResult();
        ServerToken[] shared = await Task.WhenAll(waiting);
        client.Time.Advance(TimeSpan.FromMilliseconds(999));
        ServerToken last = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromMilliseconds(1));
        ServerToken next = await client.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(last, Is.SameAs(shared[0]));
            Assert.That(shared.Select(token => token.AccessToken), Has.All.EqualTo("token-1"));
            Assert.That(next.AccessToken, Is.EqualTo("token-2"));
            Assert.That(shared[0].ExpiresAt, Is.Null);
            Assert.That(client.Spid.Count, Is.EqualTo(2));
        }
    }

    [Test(Description = "A20: a token that lives for less than a second is like one without a lifetime")]
    public async Task GetTokenAsync_NoPositiveLifetime_OneRequestASecond(
        [Values("", ",'expires_in':0", ",'expires_in':-1", ",'expires_in':0.4", ",'expires_in':''", ",'expires_in':[900]")] string lifetime,
        [Values(0, 1, 5, 40)] int milliseconds,
        CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number => StubSpid.Json(System.Net.HttpStatusCode.OK, $$"""{"access_token":"token-{{number}}"{{lifetime.Replace('\'', '"')}}}"""));
        DateTimeOffset end = client.Time.GetUtcNow().AddSeconds(3);

        for (int call = 0; call < 1000 && client.Time.GetUtcNow() < end; call++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(3));
    }

    [Test(Description = "A20")]
    public async Task GetTokenAsync_RefreshBringsNoLifetime_OldTokenGoesOnAndOneRequestASecond(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", number == 1 ? 900 : null));
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(880));

        for (int call = 0; call < 150; call++)
        {
            ValueTask<ServerToken> serving = client.Tokens.GetTokenAsync(cancellationToken);
            Assert.That((serving.IsCompleted, await serving), Is.EqualTo((true, first)));
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(1 + 15));
    }

    [Test(Description = "A20")]
    public async Task RenewTokenAsync_NewTokenHasNoLifetime_TakesThePlaceOfTheRefusedOne(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", number == 1 ? 900 : null));
        ServerToken refused = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken? renewed = await client.Tokens.RenewTokenAsync(refused, cancellationToken);
        ServerToken next = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(renewed, Is.Not.Null.And.Not.SameAs(refused));
        Assert.That(next, Is.SameAs(renewed));
    }

    [Test(Description = "A20")]
    public async Task GetTokenAsync_NoLifetimeAndSlowEndpoint_CallsOneAfterTheOtherShareNoRequestForLong(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number =>
        {
            client.Time.Advance(TimeSpan.FromSeconds(2));
            return StubSpid.Token($"token-{number}", expiresIn: null);
        });

        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken second = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That((first.AccessToken, second.AccessToken), Is.EqualTo(("token-1", "token-2")));
    }

    [Test(Description = "MSAL M3")]
    public async Task GetTokenAsync_ManyTokens_RefreshTimesSpreadWithinTheJitterAndStayAsDrawn(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", 1000));
        for (int key = 0; key < 500; key++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        client.Time.Advance(TimeSpan.FromSeconds(759.9));

        int[] refreshed = [await RefreshedAsync(), await AdvanceAndCountAsync(20), await RefreshedAsync(), await AdvanceAndCountAsync(20), await AdvanceAndCountAsync(40.2)];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refreshed[0], Is.Zero, "before 76 %");
            Assert.That(refreshed[1], Is.InRange(60, 190), "in a quarter of the spread");
            Assert.That(refreshed[2], Is.EqualTo(refreshed[1]), "asking again draws nothing anew");
            Assert.That(refreshed[3], Is.InRange(170, 330), "in half of the spread");
            Assert.That(refreshed[4], Is.EqualTo(500), "after 84 %");
        }

        Task<int> AdvanceAndCountAsync(double seconds)
        {
            client.Time.Advance(TimeSpan.FromSeconds(seconds));
            return RefreshedAsync();
        }

        async Task<int> RefreshedAsync()
        {
            for (int key = 0; key < 500; key++)
            {
                await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
                await Wait.UntilAsync(() => !client.Tokens.Cache.Get(KeyNames.Request(key)).IsFetching);
            }

            return client.Spid.Count - 500;
        }
    }

    [TestCase(900, 30)]
    [TestCase(100, 10)]
    [TestCase(10, 1)]
    public async Task GetTokenAsync_LastMomentsOfLife_OldTokenIsServedAtOnceAndReplaced(int lifetime, int margin, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));
        await client.Tokens.GetTokenAsync(cancellationToken);

        client.Time.Advance(TimeSpan.FromSeconds(lifetime - margin));
        ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
        bool atOnce = call.IsCompletedSuccessfully;
        ServerToken old = await call;
        await client.SettleAsync(requests: 2);
        ServerToken next = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(atOnce, Is.True);
        Assert.That((old.AccessToken, next.AccessToken), Is.EqualTo(("token-1", "token-2")));
    }

    [Test]
    public async Task GetTokenAsync_LastMomentsOfLifeWhileSpidFails_OldTokenServesUntilItExpiresAndNoLonger(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));

        client.Time.Advance(TimeSpan.FromSeconds(870));
        ServerToken waited = await client.DriveAsync(client.Tokens.GetTokenAsync(cancellationToken).AsTask());
        client.Time.Advance(TimeSpan.FromSeconds(29.999));
        bool atOnce = client.Entry.TryGet(out ServerToken? last);
        await client.SettleAsync();
        client.Time.Advance(TimeSpan.FromMilliseconds(1));
        SpidException? expired = await client.FailureAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(waited.AccessToken, Is.EqualTo("token-1"));
            Assert.That(atOnce, Is.True, "nobody waits while SPiD is known to fail");
            Assert.That(last!.AccessToken, Is.EqualTo("token-1"));
            Assert.That(expired!.SpidStatusCode, Is.EqualTo(System.Net.HttpStatusCode.ServiceUnavailable));
        }
    }

    [Test]
    public async Task GetTokenAsync_AnswerTakesAWhile_LifeCountsFromBeforeTheRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}", 10);
        };
        Task<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);
        client.Time.Advance(TimeSpan.FromSeconds(3));

        open.SetResult();
        await call;

        TokenEntry entry = client.Tokens.Cache.Default;
        Assert.That(entry.SecondsLeft, Is.EqualTo(7));
    }
}
