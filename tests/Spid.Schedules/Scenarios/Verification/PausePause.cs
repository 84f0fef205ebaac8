using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class PausePause
{
    public static Scenario Scenario { get; } = new(
        "introspection/pause-pause", "Of pauses that begin at once the longest stands.", RunAsync)
    {
        SeesFields = true,
    };

    private static async Task RunAsync()
    {
        var time = new ScheduledTime();
        var pause = new IntrospectionPause(new MonotonicClock(time));

        Task longer = Task.Run(() => pause.Begin(Throttled(60), TimeSpan.FromSeconds(60)));
        Task shorter = Task.Run(() => pause.Begin(Throttled(5), TimeSpan.FromSeconds(5)));
        Task shortest = Task.Run(() => pause.Begin(Throttled(1), TimeSpan.FromSeconds(1)));
        await Guarantee.AllEnd(longer, shorter, shortest);

        Guarantee.That(pause.Current is { Left.TotalSeconds: 60, Error.RetryAfter.TotalSeconds: 60 }, $"the pause is {pause.Current?.Left}");
        time.Advance(TimeSpan.FromSeconds(60));
        pause.Begin(Throttled(5), TimeSpan.FromSeconds(5));
        Guarantee.That(pause.Current?.Left == TimeSpan.FromSeconds(5), "a pause that is over stands in the way of the next");
    }

    private static SpidException Throttled(int seconds) => new(SpidErrorKind.Throttled, "It is throttled.") { RetryAfter = TimeSpan.FromSeconds(seconds) };
}
