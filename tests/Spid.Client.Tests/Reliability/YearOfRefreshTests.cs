using System.Globalization;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>A year of renewals: no caller gets an expired token, and none waits while the token is in use.</summary>
[CancelAfter(60_000)]
internal sealed class YearOfRefreshTests
{
    private const int Keys = 100;
    private const int Bursts = 3;

    [Test(Description = "R2")]
    public async Task GetTokenAsync_OneYearHundredKeysLivesFromFiveSecondsToOneDay_NoneExpiredAndNobodyBlocked(
        [Range(1, 10)] int seed, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var random = new Random(seed);
        DateTimeOffset start = client.Time.GetUtcNow();
        int lifetime = 0;
        client.Spid.AnswerWith(_ => StubSpid.Token((client.Time.GetUtcNow() - start).Ticks.ToString(CultureInfo.InvariantCulture), lifetime));
        int expired = 0;
        int blocked = 0;
        int renewals = 0;

        for (int key = 0; key < Keys; key++)
        {
            lifetime = (int)(5 * Math.Pow(24 * 3600 / 5.0, random.NextDouble()));
            TokenRequest request = KeyNames.Request(key);
            DateTimeOffset sliceEnd = start + (TimeSpan.FromDays(365) / Keys * (key + 1));
            for (int burst = 0; burst < Bursts && client.Time.GetUtcNow() < sliceEnd; burst++)
            {
                await BurstAsync(request);
                client.Time.Advance(TimeSpan.FromSeconds(lifetime * 2 * random.NextDouble()));
            }

            client.Time.Advance(sliceEnd > client.Time.GetUtcNow() ? sliceEnd - client.Time.GetUtcNow() : TimeSpan.Zero);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(expired, Is.Zero, "expired tokens");
            Assert.That(blocked, Is.Zero, "blocked callers");
            Assert.That(renewals, Is.GreaterThan(Keys * Bursts), "renewals seen");
            Assert.That(client.Time.GetUtcNow() - start, Is.GreaterThanOrEqualTo(TimeSpan.FromDays(365)));
        }

        async Task BurstAsync(TokenRequest request)
        {
            // The first call after a pause may find nothing; from then on the token is renewed under the callers.
            await client.Tokens.GetTokenAsync(request, cancellationToken);
            await Wait.UntilAsync(() => !client.Tokens.Cache.Get(request).IsFetching);
            for (int call = 0; call < 40; call++)
            {
                client.Time.Advance(TimeSpan.FromSeconds(lifetime * (0.01 + (0.045 * random.NextDouble()))));
                int before = client.Spid.Count;
                ValueTask<ServerToken> get = client.Tokens.GetTokenAsync(request, cancellationToken);
                blocked += get.IsCompletedSuccessfully ? 0 : 1;
                ServerToken token = await get;
                TimeSpan age = client.Time.GetUtcNow() - start - TimeSpan.FromTicks(long.Parse(token.AccessToken, CultureInfo.InvariantCulture));
                expired += age.TotalSeconds >= lifetime ? 1 : 0;
                await Wait.UntilAsync(() => !client.Tokens.Cache.Get(request).IsFetching);
                renewals += client.Spid.Count - before;
            }
        }
    }
}
