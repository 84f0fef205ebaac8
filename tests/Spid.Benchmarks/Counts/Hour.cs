using Spid.Benchmarks.Rivals;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Counts;

/// <summary>Counts the token requests of an hour with one call a second.</summary>
internal static class Hour
{
    private const int Seconds = 3600;

    /// <summary>Lets this library live through the hour on a clock that is moved by hand.</summary>
    public static int Simulate(TimeSpan lifetime)
    {
        var time = new ManualTime();
        using var subject = new Subject(time, lifetime);
        for (int second = 0; second < Seconds; second++)
        {
            _ = subject.Tokens.GetTokenAsync().AsTask().GetAwaiter().GetResult();
            SpinWait.SpinUntil(() => !subject.Tokens.Cache.Default.IsFetching);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return subject.Endpoint.Requests;
    }

    /// <summary>
    /// Reckons the hour of a library whose clock cannot be moved from how it treats new tokens: from its margin, the longest life that is
    /// too short to be kept. Each token then serves for its life without the margin.
    /// </summary>
    public static async Task<int[]> ReckonAsync(Func<World, IRival> create, int[] lifetimes)
    {
        TimeSpan? margin = await FindMarginAsync(create);
        return [.. lifetimes.Select(seconds => seconds > margin?.TotalSeconds ? (int)Math.Ceiling(Seconds / (seconds - margin.Value.TotalSeconds)) : Seconds)];
    }

    /// <summary>Gives <see langword="null"/> for a library that keeps no token.</summary>
    private static async Task<TimeSpan?> FindMarginAsync(Func<World, IRival> create)
    {
        // A second at each end is left to the time that the calls take.
        foreach (int seconds in new[] { 0, 30, 60, 120, 300 })
        {
            if (await KeepsAsync(create, TimeSpan.FromSeconds(seconds + 2)))
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }

    private static async Task<bool> KeepsAsync(Func<World, IRival> create, TimeSpan lifetime)
    {
        using var world = new World(lifetime);
        using IRival rival = create(world);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (int call = 0; call < 3; call++)
        {
            await rival.CallAsync(0);
            await timer.WaitForNextTickAsync();
        }

        return world.TokenRequests == 1;
    }
}
