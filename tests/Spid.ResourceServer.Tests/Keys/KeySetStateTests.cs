using System.Net;
using Spid.Client;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using Spid.Wire;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The last good set, its times, and what failed attempts leave.</summary>
internal sealed partial class KeySetStateTests
{
    private static readonly SpidException Failure = new(SpidErrorKind.Transient, "SPiD is down.", statusCode: HttpStatusCode.BadGateway);

    private readonly SteppingTime _time = new();
    private readonly MonotonicClock _clock;
    private readonly KeySetState _state;

    public KeySetStateTests()
    {
        _clock = new MonotonicClock(_time);
        _state = Create(_clock, TimeSpan.FromMinutes(15));
    }

    [Test]
    public void Status_NothingHappened_IsNotNeeded()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_state.Status, Is.EqualTo(KeySetStatus.NotNeeded));
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

        KeySetStatus during = _state.Status;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((during, _state.Status), Is.EqualTo((KeySetStatus.Missing, KeySetStatus.Recovering)));
        Assert.That(_state.LastError, Is.SameAs(Failure));
    }

    [Test]
    public void Status_SetIsOlderThanTwoIntervals_IsStaleOnlyWhenTheLatestAttemptFailed()
    {
        Take();
        _time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromMilliseconds(1));

        KeySetStatus unasked = _state.Status;
        _state.Fail(Failure);

        Assert.That((unasked, _state.Status), Is.EqualTo((KeySetStatus.Fresh, KeySetStatus.Stale)));
    }

    [Test]
    public void Status_FailureWithinTwoIntervals_IsFresh()
    {
        Take();
        _time.Advance(TimeSpan.FromMinutes(30));

        _state.Fail(Failure);

        Assert.That(_state.Status, Is.EqualTo(KeySetStatus.Fresh));
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
            Assert.That(_state.Status, Is.EqualTo(KeySetStatus.Fresh));
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

    [Test]
    public void NotNow_AfterAFailure_TellsThatFailureWithTheWait()
    {
        _state.Fail(new SpidException(SpidErrorKind.Throttled, "Too many.", statusCode: HttpStatusCode.TooManyRequests));

        SpidException error = _state.NotNow(TimeSpan.FromSeconds(7));

        Assert.That(
            (error.Kind, error.Message, error.SpidStatusCode, error.RetryAfter),
            Is.EqualTo((SpidErrorKind.Throttled, "Too many.", (HttpStatusCode?)HttpStatusCode.TooManyRequests, (TimeSpan?)TimeSpan.FromSeconds(7))));
    }

    [Test]
    public void NotNow_WithoutAFailure_NamesTheEndpointAndNoWaitOfZero()
    {
        SpidException error = _state.NotNow(TimeSpan.Zero);

        Assert.That((error.Kind, error.RetryAfter), Is.EqualTo((SpidErrorKind.Transient, (TimeSpan?)null)));
        Assert.That(error.Message, Does.Contain("/oauth/jwks"));
    }

    private static KeySetState Create(MonotonicClock clock, TimeSpan interval)
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        options.Keys.RefreshInterval = interval;
        return new KeySetState(VerifierSettings.From("rig", options), clock);
    }

    private void Take(params Forge[] forges)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(Forge.KeySet([.. forges.Select(forge => forge.Key())]));
        _state.Take(forges.Length == 0
            ? new JwksAnswer([], 0, 0)
            : new JwksReader(new HashSet<string>(StringComparer.Ordinal) { "RS256" }).Read(body, out _)!);
    }
}
