using System.Globalization;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>The wall clock is wrong, jumps, or reaches 2038; expiry goes by elapsed time.</summary>
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

        for (int second = 0; second < 3600; second++)
        {
            client.Time.WallClockError = ErrorAt(wall, second);
            ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);
            expired += second - issued[token.AccessToken].TotalSeconds >= Lifetime ? 1 : 0;
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(expired, Is.Zero, "tokens served past their life");
        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(6 + 3), "six are due in an hour");
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
