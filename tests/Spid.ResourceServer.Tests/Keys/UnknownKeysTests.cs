using CsCheck;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The bucket of two fetches, and the list of ids that a fetch has shown to be absent.</summary>
internal sealed class UnknownKeysTests
{
    private const long Interval = 30_000;
    private const int MaximumIds = 128;

    [Test]
    public void TryTake_FullBucket_GivesTwoAndThenSaysTheWait()
    {
        var keys = new UnknownKeys(Interval);

        bool first = keys.TryTake(1_000, out TimeSpan firstWait);
        bool second = keys.TryTake(1_000, out TimeSpan secondWait);
        bool third = keys.TryTake(1_000, out TimeSpan thirdWait);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first, firstWait), Is.EqualTo((true, TimeSpan.Zero)));
            Assert.That((second, secondWait), Is.EqualTo((true, TimeSpan.Zero)));
            Assert.That((third, thirdWait), Is.EqualTo((false, TimeSpan.FromSeconds(30))));
        }
    }

    [TestCase(0, 30_000)]
    [TestCase(1, 29_999)]
    [TestCase(29_999, 1)]
    [TestCase(30_000, 0)]
    public void TryTake_EmptyBucketAndSomeTime_IsFilledAfterOneInterval(long elapsed, long expectedWait)
    {
        UnknownKeys keys = Emptied();

        bool taken = keys.TryTake(elapsed, out TimeSpan wait);

        Assert.That((taken, wait), Is.EqualTo((expectedWait == 0, TimeSpan.FromMilliseconds(expectedWait))));
    }

    [TestCase(59_999, false)]
    [TestCase(60_000, true)]
    [TestCase(10_000_000, true)]
    public void TryTake_SecondFetchAfterSomeTime_NeedsTwoIntervalsAndNoMoreThanTwoAreSaved(long elapsed, bool expected)
    {
        UnknownKeys keys = Emptied();
        Assert.That(keys.TryTake(elapsed, out _), Is.True);

        Assert.That(keys.TryTake(elapsed, out _), Is.EqualTo(expected));
        Assert.That(keys.TryTake(elapsed, out _), Is.False);
    }

    [Test(Description = "A caller that is turned away puts nothing off")]
    public void TryTake_RefusedManyTimes_TheWaitStaysTheSame()
    {
        UnknownKeys keys = Emptied();

        for (int call = 0; call < 100; call++)
        {
            keys.TryTake(10, out _);
        }

        Assert.That(keys.TryTake(10, out TimeSpan wait), Is.False);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromMilliseconds(Interval - 10)));
    }

    [Test]
    public void TryTake_AnyTimes_BehavesAsABucketThatFillsByOneInEachInterval() =>
        Gen.Select(Gen.Long[1, 60_000], Gen.Long[0, 100_000].Array[1, 40]).Sample(
            (interval, pauses) =>
            {
                var keys = new UnknownKeys(interval);
                long content = 2 * interval;
                long now = 0;
                foreach (long pause in pauses)
                {
                    now += pause;
                    content = Math.Min(2 * interval, content + pause);
                    bool expected = content >= interval;
                    bool taken = keys.TryTake(now, out TimeSpan wait);
                    if (taken != expected || wait != TimeSpan.FromMilliseconds(expected ? 0 : interval - content))
                    {
                        return false;
                    }

                    content -= taken ? interval : 0;
                }

                return true;
            },
            iter: 5_000);

    [Test]
    public void IsKnownToBeAbsent_NotedId_IsForOneInterval()
    {
        var keys = new UnknownKeys(Interval);

        keys.NoteAbsence("a", 1_000);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.IsKnownToBeAbsent("a", 1_000, out _), Is.True);
            Assert.That(keys.IsKnownToBeAbsent("a", 1_000 + Interval - 1, out _), Is.True);
            Assert.That(keys.IsKnownToBeAbsent("a", 1_000 + Interval, out _), Is.False);
            Assert.That(keys.IsKnownToBeAbsent("A", 1_000, out _), Is.False);
            Assert.That(keys.IsKnownToBeAbsent("b", 1_000, out _), Is.False);
        }
    }

    [Test]
    public void NoteAbsence_NotedAgain_CountsFromThen()
    {
        var keys = new UnknownKeys(Interval);
        keys.NoteAbsence("a", 0);

        keys.NoteAbsence("a", Interval - 1);

        Assert.That(keys.IsKnownToBeAbsent("a", (2 * Interval) - 2, out _), Is.True);
        Assert.That(keys.IsKnownToBeAbsent("a", (2 * Interval) - 1, out _), Is.False);
    }

    [Test]
    public void NoteAbsence_MoreIdsThanTheListHolds_OldestLeaveFirst()
    {
        var keys = new UnknownKeys(Interval);

        Note(keys, 0, MaximumIds);
        bool isFirstHeld = keys.IsKnownToBeAbsent("id-0", 0, out _);
        Note(keys, MaximumIds, 2);

        Assert.That(isFirstHeld, Is.True);
        Assert.That(Held(keys), Is.EqualTo(Enumerable.Range(2, MaximumIds)));
    }

    [Test(Description = "Ids that are noted again take up no second place")]
    public void NoteAbsence_FullListNotedAgain_NoneLeaves()
    {
        var keys = new UnknownKeys(Interval);

        Note(keys, 0, MaximumIds);
        Note(keys, 0, MaximumIds);

        Assert.That(Held(keys), Is.EqualTo(Enumerable.Range(0, MaximumIds)));
    }

    private static UnknownKeys Emptied()
    {
        var keys = new UnknownKeys(Interval);
        keys.TryTake(0, out _);
        keys.TryTake(0, out _);
        return keys;
    }

    private static void Note(UnknownKeys keys, int first, int count)
    {
        foreach (int id in Enumerable.Range(first, count))
        {
            keys.NoteAbsence($"id-{id}", 0);
        }
    }

    private static int[] Held(UnknownKeys keys) => [.. Enumerable.Range(0, 2 * MaximumIds).Where(id => keys.IsKnownToBeAbsent($"id-{id}", 0, out _))];
}
