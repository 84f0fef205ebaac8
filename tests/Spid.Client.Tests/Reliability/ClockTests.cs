using System.Globalization;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>The wall clock is wrong, jumps, or reaches 2038; the machine is suspended. A token is dead by either clock.</summary>
[CancelAfter(60_000)]
internal sealed class ClockTests
{
    private const int Lifetime = 900;

    [Test(Description = "R7")]
    public async Task GetTokenAsync_WallClockWrong_ExtraRequestsAreFewAndNoTokenIsServedPastItsLife(
        [Values("steady +2 h", "steady -2 h", "jump +2 h", "jump -2 h", "jumps +1 h -1 h", "2038")] string wall,
        [Values("opaque", "JWT", "JWT without iat")] string kind,
        CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        if (wall == "2038")
        {
            client.Time.Advance(new DateTimeOffset(2038, 1, 19, 3, 0, 0, TimeSpan.Zero) - client.Time.GetUtcNow());
        }

        DateTimeOffset start = client.Time.GetUtcNow();
        client.Time.WallClockError = ErrorAt(wall, 0);
        var issued = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        client.Spid.AnswerWith(number =>
        {
            DateTimeOffset now = client.Time.GetUtcNow() - client.Time.WallClockError;
            string token = kind == "opaque" ? $"token-{number}" : Jwt(now, number, withIssueTime: kind == "JWT");
            issued[token] = now - start;
            return StubSpid.Token(token, Lifetime);
        });
        int expired = 0;
        int jumpsAhead = 0;

        for (int second = 0; second < 3600; second++)
        {
            jumpsAhead += second > 0 && ErrorAt(wall, second) > ErrorAt(wall, second - 1) ? 1 : 0;
            client.Time.WallClockError = ErrorAt(wall, second);
            ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);
            expired += second - issued[token.AccessToken].TotalSeconds >= Lifetime ? 1 : 0;
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(expired, Is.Zero, "tokens served past their life");
        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(6 + 3 + jumpsAhead), "six are due in an hour, and one whenever the clock jumps ahead");
    }

    [Test(Description = "A18")]
    public async Task GetTokenAsync_JwtAndWallClockWrong_OneRequestInTwelveSeconds(
        [Values(-7200, -899, 60, 890, 899, 900, 7200)] int clockAheadBySeconds, [Values] bool withIssueTime, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        DateTimeOffset now = client.Time.GetUtcNow();
        client.Time.WallClockError = TimeSpan.FromSeconds(clockAheadBySeconds);
        client.Spid.AnswerWith(number => StubSpid.Token(Jwt(now, number, withIssueTime), Lifetime));

        for (int call = 0; call < 120; call++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "R7")]
    public async Task GetTokenAsync_WallClockJumpsBackWhileBreakerIsOpen_RecoversInTime(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        for (int key = 0; key < 20; key++)
        {
            await client.FailureAsync(KeyNames.Request(key));
        }

        int requests = client.Spid.Count;
        client.Time.WallClockError = TimeSpan.FromHours(-2);
        client.Spid.AnswerWith(_ => StubSpid.Token("back"));
        client.Time.Advance(TimeSpan.FromSeconds(31));
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(requests, Is.LessThan(20), "the breaker is open");
        Assert.That(token.AccessToken, Is.EqualTo("back"));
    }

    [Test(Description = "R7")]
    public async Task GetTokenAsync_WallClockJumpsAhead_FailureIsRememberedForItsTime()
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));
        await client.FailureAsync();

        client.Time.WallClockError = TimeSpan.FromHours(2);
        client.Time.Advance(TimeSpan.FromSeconds(29));
        await client.FailureAsync();

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [TestCase(0, 900, false)]
    [TestCase(0, 5 * 3600, false)]
    [TestCase(600, 300, false)]
    [TestCase(0, 899, true)]
    [TestCase(600, 299, true)]
    [Test(Description = "A17: the machine was suspended, so only the wall clock went on")]
    public async Task GetTokenAsync_WallClockJumpsAhead_TokenIsServedUntilItsExpiresAtOnly(int age, int jump, bool served, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(age));
        client.Time.WallClockError = TimeSpan.FromSeconds(jump);
        DateTimeOffset now = client.Time.GetUtcNow();

        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token, served ? Is.SameAs(first) : Is.Not.SameAs(first));
        Assert.That(token.ExpiresAt, Is.GreaterThan(now));
    }

    [Test(Description = "A17")]
    public async Task GetTokenAsync_WallClockJumpsAhead_CostsOneRequest([Values(800, 900, 5 * 3600, 365 * 86_400)] int jump, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.WallClockError = TimeSpan.FromSeconds(jump);

        for (int second = 0; second < 600; second++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "A17")]
    public async Task GetTokenAsync_WallClockJumpsPastTheRefresh_RefreshesInTheBackground(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.WallClockError = TimeSpan.FromSeconds(800);

        ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
        bool atOnce = call.IsCompleted;
        ServerToken old = await call;
        await client.SettleAsync();

        Assert.That((atOnce, old), Is.EqualTo((true, first)));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "A17")]
    public async Task GetTokenAsync_WallClockSetBack_RevivesNoExpiredToken(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(900));
        client.Time.WallClockError = TimeSpan.FromHours(-2);

        ServerToken second = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(second, Is.Not.SameAs(first));
        Assert.That(client.Entry.SecondsLeft, Is.EqualTo(900));
    }

    [Test(Description = "A17")]
    public async Task GetTokenAsync_WallClockSetBackAfterTheTokenWasFoundDead_RevivesNothing(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        client.Time.WallClockError = TimeSpan.FromHours(5);
        SpidException? dead = await client.FailureAsync();

        client.Time.WallClockError = TimeSpan.Zero;
        SpidException? setBack = await client.FailureAsync();

        Assert.That((dead?.Kind, setBack?.Kind), Is.EqualTo((SpidErrorKind.Transient, SpidErrorKind.Transient)));
        Assert.That(client.Entry.SecondsLeft, Is.Null);
    }

    [Test(Description = "A17")]
    public async Task RenewTokenAsync_OtherTokenIsDeadByTheWallClock_RequestsANewOne(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        ServerToken current = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.WallClockError = TimeSpan.FromSeconds(900);

        ServerToken? renewed = await client.Tokens.RenewTokenAsync(new ServerToken("older"), cancellationToken);

        Assert.That(renewed, Is.Not.Null.And.Not.SameAs(current));
    }

    [Test(Description = "A17: no loop, whatever the clock does while a token is fetched")]
    public async Task GetTokenAsync_WallClockJumpsDuringTheFetch_CostsOneRequestMore([Values(-7200, 7200)] int jump, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number =>
        {
            client.Time.WallClockError = TimeSpan.FromSeconds(jump);
            return StubSpid.Token($"token-{number}");
        });

        for (int call = 0; call < 100; call++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
        }

        Assert.That(client.Spid.Count, Is.EqualTo(jump > 0 ? 2 : 1));
    }

    [Test(Description = "Issue 11, kind 12")]
    public async Task GetTokenAsync_AnswerTakesAWhile_ExpiresAtCountsFromBeforeTheRequest([Values] bool cached, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        DateTimeOffset start = client.Time.GetUtcNow();
        client.Spid.AnswerWith(number =>
        {
            client.Time.Advance(TimeSpan.FromSeconds(3));
            return StubSpid.Token($"token-{number}");
        });

        ServerToken token = cached ? await client.Tokens.GetTokenAsync(cancellationToken) : await client.Tokens.RequestTokenAsync(cancellationToken);

        Assert.That(token.ExpiresAt, Is.EqualTo(start.AddSeconds(Lifetime)));
    }

    private static TimeSpan ErrorAt(string wall, int second) => wall switch
    {
        "steady +2 h" => TimeSpan.FromHours(2),
        "steady -2 h" => TimeSpan.FromHours(-2),
        "jump +2 h" => second < 1000 ? TimeSpan.Zero : TimeSpan.FromHours(2),
        "jump -2 h" => second < 1000 ? TimeSpan.Zero : TimeSpan.FromHours(-2),
        "jumps +1 h -1 h" => TimeSpan.FromHours((second / 100 % 3) - 1),
        _ => TimeSpan.Zero,
    };

    private static string Jwt(DateTimeOffset now, int number, bool withIssueTime)
    {
        long issued = now.ToUnixTimeSeconds();
        string issueTime = withIssueTime ? $"\"iat\":{issued}," : "";
        string payload = string.Create(CultureInfo.InvariantCulture, $$"""{"jti":"{{number}}",{{issueTime}}"exp":{{issued + Lifetime}}}""");
        return $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.c2ln";
    }
}
