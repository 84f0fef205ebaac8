using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>Compares the throughput of two threads on one client with that of one.</summary>
internal static class Scaling
{
    private const int Rounds = 101;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(8);

    public static double Measure()
    {
        using var subject = new Subject();
        subject.WarmAsync().GetAwaiter().GetResult();
        for (int i = 0; i < 40; i++)
        {
            _ = Throughput(subject, threads: 2);
        }

        double[] ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            double one = Throughput(subject, threads: 1);
            ratios[round] = Throughput(subject, threads: 2) / one;
        }

        return SideBySide.Median(ratios);
    }

    /// <summary>Adds up the lookups per millisecond of each thread; all begin together.</summary>
    private static double Throughput(Subject subject, int threads)
    {
        double[] rates = new double[threads];
        using var start = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() => rates[index] = Rate(subject, start)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return rates.Sum();
    }

    private static double Rate(Subject subject, Barrier start)
    {
        const int Step = 500;
        long lookups = 0;
        start.SignalAndWait();
        long startedAt = TimeProvider.System.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            for (int i = 0; i < Step; i++)
            {
                _ = subject.Hit();
            }

            lookups += Step;
            elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        }
        while (elapsed < Window);

        return lookups / elapsed.TotalMilliseconds;
    }
}
