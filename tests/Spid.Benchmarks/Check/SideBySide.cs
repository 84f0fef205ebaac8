namespace Spid.Benchmarks.Check;

/// <summary>Compares two loops in one process: short batches in turn, so that whatever else the machine does meets both.</summary>
internal static class SideBySide
{
    private const int Rounds = 2001;
    private const int WarmUpRounds = 2000;
    private const int WarmUpRepetitions = 1000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    /// <summary>Much shorter than a time slice of the scheduler, so that few batches are interrupted and the median is of whole ones.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(0.05);

    /// <summary>Gives the median of subject time divided by baseline time for the same number of repetitions; others only take part in the warm-up.</summary>
    public static double Ratio(Action<int> subject, Action<int> baseline, Action<int>? others = null)
    {
        WarmUpAll(subject, baseline, others);
        int repetitions = Calibrate(baseline);

        double[] ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            // The one that goes second finds other caches; taking turns evens that out.
            bool subjectFirst = round % 2 == 0;
            double first = Milliseconds(subjectFirst ? subject : baseline, repetitions);
            double second = Milliseconds(subjectFirst ? baseline : subject, repetitions);
            ratios[round] = subjectFirst ? first / second : second / first;
        }

        return Median(ratios);
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    public static double Milliseconds(Action<int> loop, int repetitions)
    {
        long startedAt = TimeProvider.System.GetTimestamp();
        loop(repetitions);
        return TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    private static int Calibrate(Action<int> loop)
    {
        int repetitions = 100;
        while (Milliseconds(loop, repetitions) < Batch.TotalMilliseconds)
        {
            repetitions *= 2;
        }

        return repetitions;
    }

    /// <summary>Takes enough calls for the optimising compiler to choose the code, and enough time for it to make it in the background.</summary>
    private static void WarmUpAll(Action<int> subject, Action<int> baseline, Action<int>? others)
    {
        long startedAt = TimeProvider.System.GetTimestamp();
        for (int round = 0; round < WarmUpRounds || TimeProvider.System.GetElapsedTime(startedAt) < WarmUp; round++)
        {
            subject(WarmUpRepetitions);
            baseline(WarmUpRepetitions);
            others?.Invoke(WarmUpRepetitions);
        }
    }
}
