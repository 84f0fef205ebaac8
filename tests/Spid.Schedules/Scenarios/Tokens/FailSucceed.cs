using Spid.Client;
using Spid.Client.Settings;
using Spid.Client.Tokens;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class FailSucceed
{
    public static Scenario Scenario { get; } = new(
        "token/fail-succeed", "A success forgets the failures from before it began and none that came later.", RunAsync)
    {
        SeesFields = true,
    };

    private static async Task RunAsync()
    {
        var time = new ScheduledTime();
        var clock = new MonotonicClock(time);
        var memory = new FailureMemory(clock, ResilienceSettings.From(new SpidResilienceOptions()));
        long beganAt = clock.Now;
        time.Advance(TimeSpan.FromMilliseconds(1));

        Task failing = Task.Run(() => memory.Remember(new SpidException(SpidErrorKind.Transient, "It failed."), clock.Now));
        Task succeeding = Task.Run(() => memory.Forget(beganAt));
        Task failingToo = Task.Run(() => memory.Remember(new SpidException(SpidErrorKind.Throttled, "It is throttled.") { RetryAfter = TimeSpan.FromMinutes(1) }, clock.Now));
        await Guarantee.AllEnd(failing, succeeding, failingToo);

        Guarantee.That(memory.Remembered is { RetryAfter.TotalSeconds: > 30 }, "a success forgot a failure that came after it began, or the shorter pause stands");
    }
}
