using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <content>How long each sort of failure keeps callers away.</content>
internal sealed partial class FailureMemoryTests
{
    [Test]
    public void Remember_FailuresOneAfterTheOther_PauseDoubles()
    {
        TimeSpan[] pauses = [.. Enumerable.Range(0, 4).Select(_ => FailNow())];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pauses[0].TotalMilliseconds, Is.InRange(500, 1_000));
            Assert.That(pauses[1].TotalMilliseconds, Is.InRange(1_000, 2_000));
            Assert.That(pauses[2].TotalMilliseconds, Is.InRange(2_000, 4_000));
            Assert.That(pauses[3].TotalMilliseconds, Is.InRange(4_000, 8_000));
        }
    }

    [Test]
    public void Remember_RefreshesFailOneAfterTheOther_NoPauseIsLongerThanAnEighthOfTheTimeLeft()
    {
        var tokenClock = new TokenClock(_time);
        for (int attempt = 0; attempt < 8; attempt++)
        {
            _memory.Remember(Transient, _clock.Now, new RefreshDeadline(tokenClock, new CachedToken(new ServerToken("old"), tokenClock.Now, RefreshAge: 0, Lifetime: 8_000)));

            Assert.That(Left, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
            Advance(1_000);
        }
    }

    [Test]
    public void Remember_FailuresSideBySide_CountAsOne()
    {
        FailNow();
        FailNow();
        long startedAt = _clock.Now;

        for (int attempt = 0; attempt < 20; attempt++)
        {
            Advance(1);
            _memory.Remember(Transient, startedAt);
        }

        Assert.That(Left.TotalMilliseconds, Is.InRange(2_000 - 20, 4_000));
        Advance(4_000);
        Assert.That(FailNow().TotalMilliseconds, Is.InRange(4_000, 8_000));
    }

    [Test]
    public void Remember_AttemptBeganInTheMillisecondOfTheLastFailure_CountsAsOneWithIt()
    {
        _memory.Remember(Transient, _clock.Now);

        _memory.Remember(Transient, _clock.Now);

        Assert.That(Left.TotalMilliseconds, Is.InRange(500, 1_000));
    }

    [TestCase(1_000, 9_000)]
    [TestCase(9_000, 9_000)]
    [TestCase(10_000, 10_000)]
    [Test(Description = "SPiD may have asked for the longer one")]
    public void Remember_SideBySideWithALongerPause_LongerOneStands(int retryAfter, int expected)
    {
        long startedAt = _clock.Now;
        _memory.Remember(Throttled(10_000, "first"), startedAt);
        Advance(1_000);

        _memory.Remember(Throttled(retryAfter, "second"), startedAt);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromMilliseconds(expected)));
        Assert.That(_memory.Latest?.Message, Is.EqualTo(retryAfter == 1_000 ? "first" : "second"));
    }

    [TestCase(299_999, 299_999)]
    [TestCase(300_000, 300_000)]
    [TestCase(300_001, 300_000)]
    [TestCase(86_400_000, 300_000)]
    public void Remember_RetryAfter_IsObeyedUpToTheMaximum(int retryAfter, int expected)
    {
        _memory.Remember(Throttled(retryAfter), _clock.Now);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromMilliseconds(expected)));
    }

    [Test(Description = "A millisecond at least: a pause of nothing would keep away none of those who ask at once")]
    public void Remember_RetryAfterBelowAMillisecond_HoldsForOne()
    {
        _memory.Remember(new SpidException(SpidErrorKind.Throttled, "Too many.") { RetryAfter = TimeSpan.FromTicks(1) }, _clock.Now);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public void Remember_ConfigurationError_IsRememberedForItsOwnTimeWhateverTheServerAsks()
    {
        _memory.Remember(new SpidException(SpidErrorKind.Configuration, "Refused.") { RetryAfter = TimeSpan.FromSeconds(1) }, _clock.Now);

        Assert.That(Left, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [TestCase(SpidErrorKind.Transient)]
    [TestCase(SpidErrorKind.Throttled)]
    [TestCase(SpidErrorKind.Protocol)]
    public void Remember_OtherErrorWithoutRetryAfter_PausesByTheBackoff(SpidErrorKind kind)
    {
        _memory.Remember(new SpidException(kind, "Failed."), _clock.Now);

        Assert.That(Left.TotalMilliseconds, Is.InRange(500, 1_000));
    }
}
