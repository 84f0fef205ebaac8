using CsCheck;
using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;
using Spid.Wire;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>For how long the endpoint is left alone, and why.</summary>
internal sealed class IntrospectionPauseTests
{
    private static readonly SpidException First = new(SpidErrorKind.Throttled, "first");
    private static readonly SpidException Second = new(SpidErrorKind.Transient, "second");

    private readonly SteppingTime _time = new();
    private readonly IntrospectionPause _pause;

    public IntrospectionPauseTests() => _pause = new IntrospectionPause(new MonotonicClock(_time));

    [Test]
    public void Current_NothingBegan_IsNull() => Assert.That(_pause.Current, Is.Null);

    [Test]
    public void Current_TimePasses_CountsDownAndEnds()
    {
        _pause.Begin(First, TimeSpan.FromSeconds(5));

        (SpidException, TimeSpan)? atOnce = _pause.Current;
        _time.Advance(TimeSpan.FromMilliseconds(4_999));
        (SpidException, TimeSpan)? atLast = _pause.Current;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(atOnce, Is.EqualTo(((SpidException, TimeSpan)?)(First, TimeSpan.FromSeconds(5))));
            Assert.That(atLast, Is.EqualTo(((SpidException, TimeSpan)?)(First, TimeSpan.FromMilliseconds(1))));
            Assert.That(_pause.Current, Is.Null);
        }
    }

    [TestCase(4_999, "first", 5_000)]
    [TestCase(5_000, "first", 5_000)]
    [TestCase(5_001, "second", 5_001)]
    public void Begin_DuringAPause_TheLongerOneStandsWithItsReason(int duration, string reason, int left)
    {
        _pause.Begin(First, TimeSpan.FromSeconds(5));

        _pause.Begin(Second, TimeSpan.FromMilliseconds(duration));

        Assert.That((_pause.Current?.Error.Message, _pause.Current?.Left), Is.EqualTo((reason, (TimeSpan?)TimeSpan.FromMilliseconds(left))));
    }

    [Test]
    public void Begin_MostOfTheOtherHasPassed_WhatIsLeftCounts()
    {
        _pause.Begin(First, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));

        _pause.Begin(Second, TimeSpan.FromSeconds(2));

        Assert.That(_pause.Current, Is.EqualTo(((SpidException, TimeSpan)?)(Second, TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void Begin_AfterAPause_BeginsAnother()
    {
        _pause.Begin(First, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(6));

        _pause.Begin(Second, TimeSpan.FromSeconds(1));

        Assert.That(_pause.Current, Is.EqualTo(((SpidException, TimeSpan)?)(Second, TimeSpan.FromSeconds(1))));
    }

    [TestCase(-1)]
    [TestCase(0)]
    public void Begin_NoDuration_IsNoPause(int seconds)
    {
        _pause.Begin(First, TimeSpan.FromSeconds(seconds));

        Assert.That(_pause.Current, Is.Null);
    }

    [TestCase(-400)]
    [TestCase(400)]
    public void Current_WallClockIsSet_StaysAsItIs(int days)
    {
        _pause.Begin(First, TimeSpan.FromSeconds(5));

        _time.WallClockError = TimeSpan.FromDays(days);

        Assert.That(_pause.Current, Is.EqualTo(((SpidException, TimeSpan)?)(First, TimeSpan.FromSeconds(5))));
    }

    [Test(Description = "B28: two calls end at once: a shorter pause that was being reckoned must not take the place of the longer one")]
    public void Begin_LongerPauseBeginsMeanwhile_LongerOneStands([Values] bool duringAnother)
    {
        var time = new InterruptedTime();
        var pause = new IntrospectionPause(new MonotonicClock(time));
        if (duringAnother)
        {
            pause.Begin(First, TimeSpan.FromMilliseconds(1));
        }

        time.BeforeTimestamp = () => pause.Begin(Second, TimeSpan.FromMinutes(1));
        pause.Begin(First, TimeSpan.FromSeconds(1));

        Assert.That((pause.Current?.Error, pause.Current?.Left), Is.EqualTo((Second, (TimeSpan?)TimeSpan.FromMinutes(1))));
    }

    [Test]
    public void Begin_ManyAtOnce_LongestOneStands()
    {
        for (int round = 0; round < 200; round++)
        {
            var pause = new IntrospectionPause(new MonotonicClock(_time));

            Parallel.For(1, 51, number => pause.Begin(First, TimeSpan.FromSeconds((number * 37) % 51)));

            Assert.That(pause.Current?.Left, Is.EqualTo(TimeSpan.FromSeconds(50)), $"round {round}");
        }
    }

    [Test]
    public void Begin_AnySequence_PauseEndsWithTheLatestEnd() =>
        Gen.Select(Gen.Int[0, 5_000], Gen.Int[-1_000, 20_000]).Array[1, 30].Sample(
            steps =>
            {
                var time = new SteppingTime();
                var pause = new IntrospectionPause(new MonotonicClock(time));
                long now = 0;
                long end = 0;
                foreach ((int elapsed, int duration) in steps)
                {
                    time.Advance(TimeSpan.FromMilliseconds(elapsed));
                    now += elapsed;
                    pause.Begin(First, TimeSpan.FromMilliseconds(duration));
                    end = Math.Max(end, now + duration);
                    if (pause.Current?.Left != (end > now ? TimeSpan.FromMilliseconds(end - now) : null))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 2_000);

    /// <summary>Does something once, just before the next look at the clock.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        public Action? BeforeTimestamp { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp()
        {
            Action? action = BeforeTimestamp;
            BeforeTimestamp = null;
            action?.Invoke();
            return 100_000;
        }
    }
}
