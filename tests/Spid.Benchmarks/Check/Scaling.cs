using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>
/// Compares the throughput of two threads on one client with that of one. A shared machine seldom gives two whole cores, so a
/// computation that shares nothing is measured in the same rounds, and the result is what two free cores would give.
/// </summary>
internal static class Scaling
{
    private const int Rounds = 101;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(4);

    public static double Measure()
    {
        using var subject = new Subject();
        subject.WarmAsync().GetAwaiter().GetResult();
        void LookUp() => Repeat(subject);
        for (int i = 0; i < 40; i++)
        {
            _ = Gain(LookUp);
        }

        double[] shares = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            shares[round] = 2 * Gain(LookUp) / Gain(Compute);
        }

        return SideBySide.Median(shares);
    }

    private static double Gain(Action step)
    {
        double one = Throughput(step, threads: 1);
        return Throughput(step, threads: 2) / one;
    }

    private static void Repeat(Subject subject)
    {
        for (int i = 0; i < 500; i++)
        {
            _ = subject.Hit();
        }
    }

    /// <summary>Keeps a core busy with registers alone (Marsaglia's xorshift).</summary>
    private static void Compute()
    {
        ulong state = 88172645463325252;
        for (int i = 0; i < 4000; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        GC.KeepAlive(state);
    }

    /// <summary>Adds up the steps per millisecond of each thread; all begin together.</summary>
    private static double Throughput(Action step, int threads)
    {
        double[] rates = new double[threads];
        using var start = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() => rates[index] = Rate(step, start)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return rates.Sum();
    }

    private static double Rate(Action step, Barrier start)
    {
        long steps = 0;
        start.SignalAndWait();
        long startedAt = TimeProvider.System.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            step();
            steps++;
            elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        }
        while (elapsed < Window);

        return steps / elapsed.TotalMilliseconds;
    }
}
