using System.Net;
using Spid.Client;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using Spid.Wire;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The last good set, its times, and what failed attempts leave.</summary>
internal sealed partial class KeySetStateTests : IDisposable
{
    private static readonly SpidException Failure = new(SpidErrorKind.Transient, "SPiD is down.", statusCode: HttpStatusCode.BadGateway);

    private readonly SteppingTime _time = new();
    private readonly MonotonicClock _clock;
    private readonly KeySetState _state;
    private readonly KeySetSettings _settings = VerifierSettings.From("rig", VerifierRig.CreateOptions()).Keys;

    public KeySetStateTests()
    {
        _clock = new MonotonicClock(_time);
        _state = new KeySetState(_clock);
    }

    [Test]
    public void Status_NothingHappened_IsNotNeeded()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_state.StatusFor(_settings), Is.EqualTo(KeySetStatus.NotNeeded));
            Assert.That(_state.Age, Is.Null);
            Assert.That((_state.Started, _state.IsUnderWay), Is.EqualTo((0, false)));
            Assert.That(_state.Usable(_clock.Now), Is.Null);
            Assert.That(_state.Pause(_clock.Now), Is.EqualTo(TimeSpan.Zero));
        }
    }

    [Test]
    public void Status_FailureWithoutASet_IsMissingDuringThePauseAndThenRecovering()
    {
        _state.Fail(Failure);

        KeySetStatus during = _state.StatusFor(_settings);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((during, _state.StatusFor(_settings)), Is.EqualTo((KeySetStatus.Missing, KeySetStatus.Recovering)));
        Assert.That(_state.LastError, Is.SameAs(Failure));
    }

    [Test]
    public void Status_SetIsOlderThanTwoIntervals_IsStaleOnlyWhenTheLatestAttemptFailed()
    {
        Take();
        _time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromMilliseconds(1));

        KeySetStatus unasked = _state.StatusFor(_settings);
        _state.Fail(Failure);

        Assert.That((unasked, _state.StatusFor(_settings)), Is.EqualTo((KeySetStatus.Fresh, KeySetStatus.Stale)));
    }

    [Test]
    public void Status_FailureWithinTwoIntervals_IsFresh()
    {
        Take();
        _time.Advance(TimeSpan.FromMinutes(30));

        _state.Fail(Failure);

        Assert.That(_state.StatusFor(_settings), Is.EqualTo(KeySetStatus.Fresh));
    }

    [Test(Description = "A key that stays the same stays the same object, so that what it has vouched for stands")]
    public void Take_KeyIsPublishedAgain_IsTheSameObjectUnlessItChanged()
    {
        using var kept = Forge.CreateUsual();
        using var changed = new Forge { KeyId = "changed" };
        using var other = new Forge { KeyId = "changed" };
        Take(kept, changed);
        KeySetSnapshot before = _state.Usable(_clock.Now)!;

        Take(kept, other);
        KeySetSnapshot after = _state.Usable(_clock.Now)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Find(kept.KeyId), Is.Not.Null.And.SameAs(before.Find(kept.KeyId)));
            Assert.That(after.Find("changed"), Is.Not.Null.And.Not.SameAs(before.Find("changed")));
            Assert.That(after.Find("CHANGED"), Is.Null);
        }
    }

    [Test]
    public void Take_KeyIsLeftOut_IsGone()
    {
        using var first = Forge.CreateUsual();
        using var second = Forge.CreateUsual();
        Take(first, second);

        Take(second);

        Assert.That(_state.Usable(_clock.Now)!.Find(first.KeyId), Is.Null);
    }

    [Test]
    public void Take_AfterFailures_EndsThePauseAndForgetsTheError()
    {
        _state.Fail(Failure);
        _state.Fail(Failure);

        Take();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_state.LastError, Is.Null);
            Assert.That(_state.Pause(_clock.Now), Is.EqualTo(TimeSpan.Zero));
            Assert.That(_state.StatusFor(_settings), Is.EqualTo(KeySetStatus.Fresh));
        }
    }

    [Test]
    public void Fail_WithASet_KeepsTheSet()
    {
        Take();
        KeySetSnapshot? before = _state.Usable(_clock.Now);

        _state.Fail(Failure);

        Assert.That(_state.Usable(_clock.Now), Is.Not.Null.And.SameAs(before));
    }

    [Test]
    public void Fail_RetryAfter_IsThePause()
    {
        _state.Fail(new SpidException(SpidErrorKind.Throttled, "Too many.") { RetryAfter = TimeSpan.FromSeconds(20) });

        Assert.That(_state.Pause(_clock.Now), Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test(Description = "B28: a pause that has begun is not shortened by an attempt that took no notice of it")]
    public void Fail_ShorterPauseAfterALongerOne_TheLongerOneStands()
    {
        _state.Fail(new SpidException(SpidErrorKind.Throttled, "Too many.") { RetryAfter = TimeSpan.FromSeconds(60) });
        _state.Fail(new SpidException(SpidErrorKind.Throttled, "Too many.") { RetryAfter = TimeSpan.FromSeconds(5) });

        Assert.That(_state.Pause(_clock.Now), Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Failed_AfterAFailure_IsTheWaitAndOnlyWithoutASetIntrospection(bool hasSet)
    {
        if (hasSet)
        {
            Take();
        }

        SharedFetch fetch = _state.StartOrJoin("first", out _);
        _state.Fail(new SpidException(SpidErrorKind.Throttled, "Too many.") { RetryAfter = TimeSpan.FromSeconds(7) });

        Assert.That(_state.Failed(fetch), Is.EqualTo(hasSet ? KeyLookup.Undecided(TimeSpan.FromSeconds(7)) : KeyLookup.NoKeySet(TimeSpan.FromSeconds(7))));
    }

    [Test(Description = "Whatever is not known calls no token bad")]
    public void KeyLookup_Default_IsUndecided() => Assert.That(default(KeyLookup).Outcome, Is.EqualTo(KeyOutcome.Undecided));

    public void Dispose() => _state.Dispose();

    private void Take(params Forge[] forges)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(Forge.KeySet([.. forges.Select(forge => forge.Key())]));
        _state.Take(
            forges.Length == 0
                ? new JwksAnswer([], 0, 0)
                : new JwksReader(new HashSet<string>(StringComparer.Ordinal) { "RS256" }).Read(body, out _)!,
            _settings);
    }
}
