using Spid.Benchmarks.Counts;
using Spid.Benchmarks.Rivals;

namespace Spid.Benchmarks.Report;

/// <summary>The tables of what reaches the token endpoint; exact, whatever the machine.</summary>
internal static class CountTables
{
    private const int ColdCallers = 50;
    private const int RefusedCallers = 200;
    private const int CallersOfAWave = 50;

    private static readonly int[] Lifetimes = [60, 300, 900, 3600];

    private static readonly Func<World, IRival>[] Rivals =
    [
        world => new SpidRival(world),
        world => new MsalRival(world),
        world => new AzureRival(world),
        world => new OpenIddictRival(world),
        world => new BareRival(world),
    ];

    public static async Task<Table> HourAsync(Charts charts)
    {
        var table = new Table([.. Lifetimes.Select(seconds => $"{seconds} s").Prepend("life of a token")]);
        var rows = new List<(string, double, string)>();
        foreach (Func<World, IRival> create in Rivals)
        {
            string name = NameOf(create);
            int[] requests = create == Rivals[0] ? [.. Lifetimes.Select(seconds => Hour.Simulate(TimeSpan.FromSeconds(seconds)))] : await Hour.ReckonAsync(create, Lifetimes);
            table.Add([name, .. requests.Select(count => Text.Count(count))]);
            rows.Add((name, requests[1], Text.Count(requests[1])));
        }

        charts.Bars("hour", "token requests in an hour, one call a second, tokens of 300 s", rows);
        return table;
    }

    public static async Task<Table> BurstsAsync()
    {
        var table = new Table("token requests (calls that fail)", $"{ColdCallers} cold callers", $"{RefusedCallers} calls whose token was revoked", $"endpoint down, two waves of {CallersOfAWave} calls");
        foreach (Func<World, IRival> create in Rivals)
        {
            table.Add(
                NameOf(create),
                Write(await Burst.ColdAsync(create, ColdCallers)),
                Write(await Burst.RevokedAsync(create, RefusedCallers)),
                Write(await Burst.DownAsync(create, CallersOfAWave)));
        }

        return table;
    }

    private static string Write(Burst burst) => $"{Text.Count(burst.TokenRequests)} ({Text.Count(burst.FailedCalls)})";

    private static string NameOf(Func<World, IRival> create)
    {
        using var world = new World(TimeSpan.Zero);
        using IRival rival = create(world);
        return rival.Name;
    }
}
