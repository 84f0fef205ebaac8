using System.Collections.Concurrent;
using Spid.Seeds.Catalog;
using Spid.Seeds.Copies;

namespace Spid.Seeds.Running;

/// <summary>Tries seeds in as many copies as there are jobs, and prints a line for each.</summary>
internal static class SeedRun
{
    /// <summary>Gives 0 when each seed was found.</summary>
    public static async Task<int> RunAsync(IReadOnlyCollection<Seed> seeds, int jobs)
    {
        SourceTree tree = SourceTree.Find();
        WorkingCopy[] copies = [.. Enumerable.Range(1, Math.Min(jobs, seeds.Count)).Select(number => new WorkingCopy(tree, number))];
        await Task.WhenAll(copies.Select(copy => copy.SynchronizeAsync()));

        IReadOnlyList<string> faults = await Baseline.FindFaultsAsync(copies[0], seeds);
        if (faults.Count > 0)
        {
            Console.WriteLine($"Without a seed the detectors must find nothing:\n{string.Join('\n', faults)}");
            return 1;
        }

        Console.WriteLine("Without a seed the detectors find nothing.");
        var waiting = new ConcurrentQueue<Seed>(seeds);
        var results = new ConcurrentBag<SeedResult>();
        await Task.WhenAll(copies.Select(copy => Task.Run(() => WorkAsync(new SeedBed(copy, TimeProvider.System), waiting, results))));
        Console.WriteLine(SeedResult.Summarize(results));
        return results.All(result => result.Outcome == SeedOutcome.Found) ? 0 : 1;
    }

    private static async Task WorkAsync(SeedBed bed, ConcurrentQueue<Seed> waiting, ConcurrentBag<SeedResult> results)
    {
        while (waiting.TryDequeue(out Seed? seed))
        {
            SeedResult result = await bed.TryAsync(seed);
            Console.WriteLine(result);
            results.Add(result);
        }
    }
}
