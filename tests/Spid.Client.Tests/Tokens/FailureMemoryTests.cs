using System.Net;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <summary>How long a failure keeps callers away, and what ends that.</summary>
internal sealed partial class FailureMemoryTests
{
    private static readonly SpidException Transient = new(SpidErrorKind.Transient, "SPiD is down.", new IOException("cause"), HttpStatusCode.BadGateway);

    private readonly ObservedTime _time;
    private readonly MonotonicClock _clock;
    private readonly FailureMemory _memory;

    /// <summary>The pauses for one, two and three failures have no length in common but their ends.</summary>
    public FailureMemoryTests()
    {
        var options = new SpidResilienceOptions { BackoffBase = TimeSpan.FromSeconds(1), BackoffMaximum = TimeSpan.FromMinutes(1) };
        _time = new ObservedTime(options);
        _clock = new MonotonicClock(_time);
        _memory = new FailureMemory(_clock, ResilienceSettings.From(options));
    }

    private TimeSpan Left => _memory.Remembered?.RetryAfter ?? TimeSpan.Zero;

    [Test]
    public void Remembered_NothingFailed_IsNull()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((_memory.IsFailing, _memory.Holds), Is.EqualTo((false, false)));
            Assert.That(_memory.Latest, Is.Null);
            Assert.That(_memory.Remembered, Is.Null);
        }
    }

    [Test]
    public void Remembered_TimePasses_CountsDownAndEnds()
    {
        _memory.Remember(Throttled(10_000), _clock.Now);

        TimeSpan atOnce = Left;
        Advance(9_999);
        (TimeSpan Left, bool Holds) atLast = (Left, _memory.Holds);
        Advance(1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(atOnce, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(atLast, Is.EqualTo((TimeSpan.FromMilliseconds(1), true)));
            Assert.That(_memory.Remembered, Is.Null);
            Assert.That((_memory.Holds, _memory.IsFailing), Is.EqualTo((false, true)), "callers may ask again, and nothing has succeeded yet");
            Assert.That(_memory.Latest?.Kind, Is.EqualTo(SpidErrorKind.Throttled));
        }
    }

    [Test(Description = "Stack traces must not be shared between threads")]
    public void Remembered_AskedTwice_GivesTwoExceptionsThatSayTheSame()
    {
        _memory.Remember(Transient, _clock.Now);

        SpidException one = _memory.Remembered!;
        SpidException other = _memory.Remembered!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(one, Is.Not.SameAs(other).And.Not.SameAs(Transient));
            Assert.That(
                (one.Kind, one.Message, one.InnerException, one.SpidStatusCode),
                Is.EqualTo((Transient.Kind, Transient.Message, Transient.InnerException, Transient.SpidStatusCode)));
        }
    }

    [TestCase(-400)]
    [TestCase(400)]
    public void Remembered_WallClockIsSet_StaysAsItIs(int days)
    {
        _memory.Remember(Throttled(10_000), _clock.Now);

        _time.WallClockError = TimeSpan.FromDays(days);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test(Description = "The shorter of two failures side by side is still the newer word: an older success does not outdo it")]
    public void Remember_SideBySideWithALongerPause_SuccessInBetweenForgetsNothing()
    {
        _memory.Remember(Throttled(10_000), _clock.Now);
        Advance(1_000);
        long startedAt = _clock.Now;
        Advance(1_000);
        _memory.Remember(Throttled(1_000), startedAt);

        _memory.Forget(startedAt);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromSeconds(8)));
    }

    [Test]
    public void Forget_SuccessBeganAfterTheFailure_EndsItAndItsCount()
    {
        FailNow();
        FailNow();
        FailNow();

        _memory.Forget(_clock.Now);

        Assert.That((_memory.IsFailing, _memory.Holds, _memory.Latest), Is.EqualTo((false, false, (SpidException?)null)));
        Assert.That(FailNow().TotalMilliseconds, Is.InRange(500, 1_000));
    }

    [TestCase(-1)]
    [TestCase(0)]
    [Test(Description = "A success that began before the failure is the older word")]
    public void Forget_SuccessBeganNoLaterThanTheFailure_FailureStands(int difference)
    {
        Advance(100);
        _memory.Remember(Throttled(10_000), _clock.Now);

        _memory.Forget(_clock.Now + difference);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Forget_SuccessBeganOneMillisecondLater_FailureIsForgotten()
    {
        _memory.Remember(Throttled(10_000), _clock.Now);

        _memory.Forget(_clock.Now + 1);

        Assert.That(_memory.IsFailing, Is.False);
    }

    private static SpidException Throttled(int retryAfter, string message = "Too many.") =>
        new(SpidErrorKind.Throttled, message) { RetryAfter = TimeSpan.FromMilliseconds(retryAfter) };

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Fails an attempt that begins now, and lets its pause pass.</summary>
    private TimeSpan FailNow()
    {
        Advance(1);
        _memory.Remember(Transient, _clock.Now);
        TimeSpan pause = Left;
        _time.Advance(pause);
        return pause;
    }
}
