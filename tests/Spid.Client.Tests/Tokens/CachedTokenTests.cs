using CsCheck;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <summary>The points of a token's life.</summary>
internal sealed class CachedTokenTests
{
    private static readonly ServerToken Token = new("token", null, null);
    private static readonly CacheSettings Defaults = CacheSettings.From(new SpidTokenCacheOptions());

    /// <summary>From 1 s to 28 days, as often short as long; the settings over their whole ranges, ends included.</summary>
    private static readonly Gen<Life> Lives = Gen.Select(
        Gen.Double[0, Math.Log(28 * 24 * 3600)].Select(Math.Exp),
        Gen.Double[0.1, 0.95],
        Gen.OneOf(Gen.Const(0.0), Gen.Const(0.1), Gen.Double[0, 0.1]),
        Gen.OneOf(Gen.Const(0.0), Gen.Const(3_600.0), Gen.Double[0, 3_600]),
        Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Double[0, 1]),
        (seconds, refreshAfter, jitter, margin, random) => new Life(seconds, refreshAfter, jitter, margin, random));

    [Test(Description = "Refreshed within the jitter of the planned point, and at the margin before the expiry at the latest")]
    public void Create_AnyLifeAndSettings_PointsStandInOrderAndWithinTheirBounds() => Samples.Check(
        Lives,
        100_000,
        life =>
        {
            CachedToken token = life.Create();
            double length = life.Seconds * 1_000;
            double planned = length * life.RefreshAfter;
            double refresh = token.RefreshAge;
            double expiry = token.Lifetime;
            double margin = Math.Min(life.Margin * 1_000, length / 10);
            double latest = length - margin;
            return refresh >= 0 && refresh <= expiry
                && IsWithin(expiry, length - 1, length)
                && (IsWithin(refresh, latest - 1, latest) || IsWithin(refresh, (planned * (1 - life.Jitter)) - 1, planned * (1 + life.Jitter)))
                && (refresh < latest - 1 || planned * (1 + life.Jitter) >= latest - 1.001);
        },
        life => life.ToString());

    [TestCase(0, 760)]
    [TestCase(0.5, 800)]
    [TestCase(1, 840)]
    public void Create_DefaultSettings_RefreshesAtFourFifthsWithFivePercentJitter(double random, int refreshSeconds)
    {
        CachedToken token = Create(TimeSpan.FromSeconds(1_000), Defaults, random);

        Assert.That((token.RefreshAge, token.Lifetime), Is.EqualTo((At(refreshSeconds), At(1_000))));
    }

    [TestCase(0, 30_000)]
    [TestCase(1, 30_000)]
    [Test(Description = "Where jitter would let the refresh come after the margin, it comes with it")]
    public void Create_RefreshPointBeyondTheMargin_IsTheMargin(double random, double marginMilliseconds)
    {
        CachedToken token = Create(
            TimeSpan.FromSeconds(300),
            Defaults with { RefreshAfter = 0.95, RefreshJitter = 0.05, ExpiryMargin = TimeSpan.FromMilliseconds(marginMilliseconds) },
            random);

        Assert.That(token.RefreshAge, Is.EqualTo(At(270)));
    }

    [Test]
    public void Create_ShortLife_MarginIsATenthOfIt()
    {
        CachedToken token = Create(TimeSpan.FromSeconds(10), Defaults with { RefreshAfter = 0.95, ExpiryMargin = TimeSpan.FromHours(1) }, 0.5);

        Assert.That((token.RefreshAge, token.Lifetime), Is.EqualTo((At(9), At(10))));
    }

    [Test(Description = "A20")]
    public void Create_NoLifetime_IsSharedForOneSecondAndNotRenewed()
    {
        CachedToken token = Create(null, Defaults, 0.5);

        Assert.That((token.RefreshAge, token.Lifetime), Is.EqualTo((At(1), At(1))));
    }

    private static CachedToken Create(TimeSpan? lifetime, CacheSettings settings, double random) =>
        CachedToken.Create(new FetchedToken(Token, lifetime, default), settings, random);

    private static long At(int seconds) => seconds * 1_000L;

    /// <summary>Sums of doubles are off by far less than a thousandth of a millisecond.</summary>
    private static bool IsWithin(double value, double minimum, double maximum) => value >= minimum - 0.001 && value <= maximum + 0.001;

    private sealed record Life(double Seconds, double RefreshAfter, double Jitter, double Margin, double Random)
    {
        public CachedToken Create() => CachedTokenTests.Create(
            TimeSpan.FromSeconds(Seconds),
            Defaults with { RefreshAfter = RefreshAfter, RefreshJitter = Jitter, ExpiryMargin = TimeSpan.FromSeconds(Margin) },
            Random)!;
    }
}
