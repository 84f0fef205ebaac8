using CsCheck;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The pause after failed fetches: its length for given chances, and its bounds for any.</summary>
internal sealed class FetchBackoffTests
{
    private const long Start = 5_000;

    [TestCase(1, 0, 1_000)]
    [TestCase(1, 1, 1_000)]
    [TestCase(2, 0, 1_000)]
    [TestCase(2, 1, 2_000)]
    [TestCase(3, 0, 2_000)]
    [TestCase(3, 0.5, 3_000)]
    [TestCase(3, 1, 4_000)]
    [TestCase(6, 0, 16_000)]
    [TestCase(6, 1, 32_000)]
    [TestCase(7, 0, 30_000)]
    [TestCase(7, 1, 60_000)]
    [TestCase(11, 1, 60_000)]
    [TestCase(12, 0, 30_000)]
    [TestCase(2_000, 0, 30_000)]
    [TestCase(2_000, 1, 60_000)]
    public void Failed_SeveralTimes_PauseDoublesUpToAMinute(int failures, double random, double expected)
    {
        var backoff = new FetchBackoff();

        Fail(backoff, failures, random);

        Assert.That(backoff.Left(Start), Is.EqualTo(TimeSpan.FromMilliseconds(expected)));
    }

    [TestCase(4, 1, 8_000)]
    [TestCase(5, 0, 5_000)]
    [TestCase(5, 1, 10_000)]
    [TestCase(2_000, 1, 10_000)]
    public void Failed_WithoutAKeySet_PauseDoublesUpToTenSeconds(int failures, double random, double expected)
    {
        var backoff = new FetchBackoff();

        Fail(backoff, failures, random, hasKeys: false);

        Assert.That(backoff.Left(Start), Is.EqualTo(TimeSpan.FromMilliseconds(expected)));
    }

    [TestCase(-1, 1_000)]
    [TestCase(0, 1_000)]
    [TestCase(999, 1_000)]
    [TestCase(1_001, 1_001)]
    [TestCase(59_999, 59_999)]
    [TestCase(60_001, 60_000)]
    [TestCase(86_400_000, 60_000)]
    public void Failed_RetryAfter_ProlongsThePauseUpToAMinute(double retryAfter, double expected)
    {
        var backoff = new FetchBackoff();

        backoff.Failed(Start, 0, hasKeys: false, TimeSpan.FromMilliseconds(retryAfter));

        Assert.That(backoff.Left(Start), Is.EqualTo(TimeSpan.FromMilliseconds(expected)));
    }

    [Test]
    public void Failed_RetryAfterIsShorterThanThePause_PauseStands()
    {
        var backoff = new FetchBackoff();
        Fail(backoff, 5, 1);

        backoff.Failed(Start, 1, hasKeys: true, TimeSpan.FromSeconds(2));

        Assert.That(backoff.Left(Start), Is.EqualTo(TimeSpan.FromSeconds(32)));
    }

    [Test]
    public void Left_TimePasses_FallsToZeroAndNotBelow()
    {
        var backoff = new FetchBackoff();
        Fail(backoff, 3, 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(backoff.Left(Start + 3_999), Is.EqualTo(TimeSpan.FromMilliseconds(1)));
            Assert.That(backoff.Left(Start + 4_000), Is.EqualTo(TimeSpan.Zero));
            Assert.That(backoff.Left(Start + 400_000), Is.EqualTo(TimeSpan.Zero));
            Assert.That(new FetchBackoff().Left(0), Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void Succeeded_AfterFailures_EndsThePauseAndBeginsFromTheShortest()
    {
        var backoff = new FetchBackoff();
        Fail(backoff, 8, 1);

        backoff.Succeeded();
        TimeSpan afterSuccess = backoff.Left(Start);
        Fail(backoff, 2, 1);

        Assert.That(afterSuccess, Is.EqualTo(TimeSpan.Zero));
        Assert.That(backoff.Left(Start), Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test(Description = "From 1 s to 60 s, never less than half of the doubled length or than the server asks for")]
    public void Failed_AnyFailuresChancesAndWishes_PauseKeepsItsBounds() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[-1_000, 200_000]).Array[1, 30].Sample(
            failures =>
            {
                var backoff = new FetchBackoff();
                double doubled = 1_000;
                long now = Start;
                foreach ((double random, double wish) in failures)
                {
                    backoff.Failed(now, random, hasKeys: true, TimeSpan.FromMilliseconds(wish));
                    double left = backoff.Left(now).TotalMilliseconds;
                    double asked = Math.Min(60_000, wish);
                    if (left < 1_000 || left > 60_000 || left < Math.Floor(doubled / 2) || left < Math.Floor(asked) || left > Math.Max(doubled, Math.Max(1_000, asked)))
                    {
                        return false;
                    }

                    // The next attempt comes when the pause is over.
                    now += (long)left;
                    doubled = Math.Min(60_000, 2 * doubled);
                }

                return true;
            },
            iter: 5_000);

    [Test(Description = "B28: of two pauses at once the longer one stands")]
    public void Failed_ShorterPauseDuringALongerOne_LengthIsThatOfTheLongerOne([Values] bool longerFirst)
    {
        var backoff = new FetchBackoff();
        int[] seconds = longerFirst ? [60, 5] : [5, 60];

        foreach (int wish in seconds)
        {
            backoff.Failed(Start, 0, hasKeys: true, TimeSpan.FromSeconds(wish));
        }

        Assert.That(backoff.Left(Start), Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    private static void Fail(FetchBackoff backoff, int failures, double random, bool hasKeys = true)
    {
        for (int failure = 0; failure < failures; failure++)
        {
            backoff.Failed(Start, random, hasKeys, TimeSpan.Zero);
        }
    }
}
