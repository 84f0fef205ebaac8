using Spid.Benchmarks.Rivals;

namespace Spid.Benchmarks.Counts;

/// <summary>Many calls at once at a bad moment: how many requests reach the token endpoint, and how many calls fail.</summary>
internal sealed record Burst(int TokenRequests, int FailedCalls)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Nobody has a token, and the endpoint answers only when all have asked.</summary>
    public static async Task<Burst> ColdAsync(Func<World, IRival> create, int callers)
    {
        using var world = new World(Lifetime);
        using IRival rival = create(world);
        world.Hang();
        Task<bool>[] calls = Start(rival, callers);
        await SettleAsync(world);
        world.Release();
        int failed = await CountFailedAsync(calls);
        return new Burst(world.TokenRequests, failed);
    }

    /// <summary>The token that all hold was revoked; the service answers 401.</summary>
    public static async Task<Burst> RevokedAsync(Func<World, IRival> create, int callers)
    {
        using var world = new World(Lifetime);
        using IRival rival = create(world);
        await rival.CallAsync(0);
        int before = world.TokenRequests;
        world.RevokeAll();
        int failed = await CountFailedAsync(Start(rival, callers));
        return new Burst(world.TokenRequests - before, failed);
    }

    /// <summary>The endpoint answers 503, and after a first wave of calls comes another.</summary>
    public static async Task<Burst> DownAsync(Func<World, IRival> create, int callers)
    {
        using var world = new World(Lifetime) { IsDown = true };
        using IRival rival = create(world);
        int failed = await CountFailedAsync(Start(rival, callers)) + await CountFailedAsync(Start(rival, callers));
        return new Burst(world.TokenRequests, failed);
    }

    private static Task<bool>[] Start(IRival rival, int callers) => [.. Enumerable.Range(0, callers).Select(_ => Task.Run(() => rival.CallAsync(0)))];

    /// <summary>Waits until no further request has come for a moment.</summary>
    private static async Task SettleAsync(World world)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        int seen = -1;
        while (seen != world.TokenRequests || seen == 0)
        {
            seen = world.TokenRequests;
            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task<int> CountFailedAsync(Task<bool>[] calls)
    {
        int failed = 0;
        foreach (Task<bool> call in calls)
        {
            await call.ContinueWith(static _ => { }, TaskScheduler.Default);
            failed += call.IsCompletedSuccessfully && call.Result ? 0 : 1;
        }

        return failed;
    }
}
