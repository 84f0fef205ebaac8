using CsCheck;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>When a set is refreshed, how old it is and when it is dropped.</content>
internal sealed partial class KeySetStateTests
{
    [Test]
    public void Usable_SetIsADayOld_IsDropped()
    {
        Take();
        long takenAt = _clock.Now;

        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        (bool IsUsable, TimeSpan? Age) before = (_state.Usable(_clock.Now) is not null, _state.Age);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.EqualTo((true, (TimeSpan?)TimeSpan.FromMilliseconds(86_399_999))));
            Assert.That(_state.Usable(_clock.Now), Is.Null);
            Assert.That(_state.Age, Is.Null);
            Assert.That(_state.Usable(takenAt)?.DropAt, Is.EqualTo(takenAt + 86_400_000));
        }
    }

    [Test]
    public void Age_WallClockIsSet_StaysAsItIs()
    {
        Take();
        _time.Advance(TimeSpan.FromSeconds(10));

        _time.WallClockError = TimeSpan.FromDays(-400);

        Assert.That(_state.Age, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test(Description = "A fleet that refreshes at the same moment would be a load of its own")]
    public void Take_AnyInterval_RefreshIsDueWithinATenthOfIt() =>
        Gen.Long[60_000, 86_400_000].Sample(
            interval =>
            {
                using var state = new KeySetState(_clock);
                state.Take(new JwksAnswer([], 0, 0), _settings with { RefreshInterval = TimeSpan.FromMilliseconds(interval) });
                KeySetSnapshot snapshot = state.Usable(_clock.Now)!;
                double share = (double)(snapshot.RefreshAt - snapshot.FetchedAt) / interval;
                return snapshot.FetchedAt == _clock.Now && share is >= 0.9 - 0.0001 and <= 1.1;
            },
            iter: 2_000);

    [Test]
    public void Take_ManyTimes_RefreshTimesSpreadOverTheWholeRange()
    {
        long[] waits = [.. Enumerable.Range(0, 1_000).Select(_ =>
        {
            Take();
            return _state.Usable(_clock.Now)!.RefreshAt - _clock.Now;
        })];

        Assert.That(waits.Min(), Is.LessThan(TimeSpan.FromMinutes(14).TotalMilliseconds));
        Assert.That(waits.Max(), Is.GreaterThan(TimeSpan.FromMinutes(16).TotalMilliseconds));
    }
}
