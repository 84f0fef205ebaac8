using System.Collections.Frozen;
using CsCheck;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The bucket of two fetches, and the list of ids that a fetch has shown to be absent.</summary>
internal sealed class UnknownKeysTests
{
    private const long Interval = 30_000;
    private const int MaximumIds = 128;

    [Test]
    public void WaitFor_FullBucket_GivesTwoAndThenSaysTheWait()
    {
        var keys = new UnknownKeys();

        TimeSpan[] waits = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            TimeSpan wait = keys.WaitFor("new", SetOf(1, 0), 1_000, Interval);
            keys.Take(1_000, Interval);
            return wait;
        })];

        Assert.That(waits, Is.EqualTo(new[] { TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(30) }));
    }

    [TestCase(0, 30_000)]
    [TestCase(1, 29_999)]
    [TestCase(29_999, 1)]
    [TestCase(30_000, 0)]
    public void WaitFor_EmptyBucketAndSomeTime_IsFilledAfterOneInterval(long elapsed, long expectedWait)
    {
        UnknownKeys keys = Emptied();

        Assert.That(keys.WaitFor("new", SetOf(1, 0), elapsed, Interval), Is.EqualTo(TimeSpan.FromMilliseconds(expectedWait)));
    }

    [TestCase(59_999, false)]
    [TestCase(60_000, true)]
    [TestCase(10_000_000, true)]
    public void WaitFor_SecondFetchAfterSomeTime_NeedsTwoIntervalsAndNoMoreThanTwoAreSaved(long elapsed, bool expected)
    {
        UnknownKeys keys = Emptied();

        keys.Take(elapsed, Interval);
        bool second = keys.WaitFor("new", SetOf(1, 0), elapsed, Interval) == TimeSpan.Zero;
        keys.Take(elapsed, Interval);

        Assert.That(second, Is.EqualTo(expected));
        Assert.That(keys.WaitFor("new", SetOf(1, 0), elapsed, Interval), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void WaitFor_AnyTimes_BehavesAsABucketThatFillsByOneInEachInterval() =>
        Gen.Select(Gen.Long[1, 60_000], Gen.Long[0, 100_000].Array[1, 40]).Sample(
            (interval, pauses) =>
            {
                var keys = new UnknownKeys();
                long content = 2 * interval;
                long now = 0;
                foreach (long pause in pauses)
                {
                    now += pause;
                    content = Math.Min(2 * interval, content + pause);
                    bool expected = content >= interval;
                    TimeSpan wait = keys.WaitFor("new", SetOf(1, 0), now, interval);
                    if (wait != TimeSpan.FromMilliseconds(expected ? 0 : interval - content))
                    {
                        return false;
                    }

                    if (expected)
                    {
                        keys.Take(now, interval);
                        content -= interval;
                    }
                }

                return true;
            },
            iter: 5_000);

    [TestCase(10_000, 10_000, 30_000, Description = "just fetched")]
    [TestCase(10_000, 39_999, 1)]
    [TestCase(10_000, 40_000, 0)]
    [TestCase(40_000, 40_000, 30_000, Description = "a later fetch, for whatever reason, has not got it either")]
    public void WaitFor_IdIsKnownToBeAbsent_IsOneIntervalAfterTheLatestFetch(long fetchedAt, long now, long expectedWait)
    {
        var keys = new UnknownKeys();
        keys.Note("a", started: 3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.WaitFor("a", SetOf(4, fetchedAt), now, Interval), Is.EqualTo(TimeSpan.FromMilliseconds(expectedWait)));
            Assert.That(keys.WaitFor("a", SetOf(3, fetchedAt), now, Interval), Is.EqualTo(TimeSpan.Zero), "it was asked for after that fetch began");
            Assert.That(keys.WaitFor("A", SetOf(4, fetchedAt), now, Interval), Is.EqualTo(TimeSpan.Zero));
            Assert.That(keys.WaitFor("b", SetOf(4, fetchedAt), now, Interval), Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test(Description = "What a fetch has shown once, later ones show again, whoever asks meanwhile")]
    public void Note_AskedForAgain_TheFirstTimeCounts()
    {
        var keys = new UnknownKeys();
        keys.Note("a", started: 3);
        keys.Note("a", started: 4);

        Assert.That(keys.WaitFor("a", SetOf(4, 0), 0, Interval), Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test(Description = "One is left for ids that nobody has asked for yet; the wait is the time until there is one to spare")]
    public void WaitFor_IdIsKnownToBeAbsent_LeavesOneInTheBucket()
    {
        var keys = new UnknownKeys();
        keys.Note("a", started: 1);
        keys.Take(0, Interval);
        keys.Take(0, Interval);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.WaitFor("a", SetOf(2, 0), 0, Interval), Is.EqualTo(TimeSpan.FromSeconds(60)));
            Assert.That(keys.WaitFor("a", SetOf(2, 0), 30_000, Interval), Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(keys.WaitFor("b", SetOf(2, 0), 30_000, Interval), Is.EqualTo(TimeSpan.Zero));
            Assert.That(keys.WaitFor("a", SetOf(2, 0), 60_000, Interval), Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void Forget_PublishedId_MayBeFetchedForWhenItIsWithdrawn()
    {
        var keys = new UnknownKeys();
        keys.Note("a", started: 1);

        keys.Forget("a");

        Assert.That(keys.WaitFor("a", SetOf(2, 0), 0, Interval), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Note_MoreIdsThanTheListHolds_OldestLeaveFirst()
    {
        var keys = new UnknownKeys();

        Note(keys, 0, MaximumIds);
        bool isFirstHeld = IsHeld(keys, 0);
        Note(keys, MaximumIds, 2);

        Assert.That(isFirstHeld, Is.True);
        Assert.That(Held(keys), Is.EqualTo(Enumerable.Range(2, MaximumIds)));
    }

    [Test(Description = "Ids that are noted again take up no second place")]
    public void Note_FullListNotedAgain_NoneLeaves()
    {
        var keys = new UnknownKeys();

        Note(keys, 0, MaximumIds);
        Note(keys, 0, MaximumIds);

        Assert.That(Held(keys), Is.EqualTo(Enumerable.Range(0, MaximumIds)));
    }

    private static KeySetSnapshot SetOf(int fetch, long fetchedAt) => new(fetch, FrozenDictionary<string, SigningKey>.Empty, fetchedAt, long.MaxValue, long.MaxValue);

    private static UnknownKeys Emptied()
    {
        var keys = new UnknownKeys();
        keys.Take(0, Interval);
        keys.Take(0, Interval);
        return keys;
    }

    private static void Note(UnknownKeys keys, int first, int count)
    {
        foreach (int id in Enumerable.Range(first, count))
        {
            keys.Note($"id-{id}", started: 1);
        }
    }

    private static bool IsHeld(UnknownKeys keys, int id) => keys.WaitFor($"id-{id}", SetOf(2, 0), 0, Interval) > TimeSpan.Zero;

    private static int[] Held(UnknownKeys keys) => [.. Enumerable.Range(0, 2 * MaximumIds).Where(id => IsHeld(keys, id))];
}
