namespace Spid.Benchmarks.Check;

/// <summary>Counts the bytes that one repetition allocates on this thread, exactly.</summary>
internal static class Allocation
{
    private const int Repetitions = 10_000;

    public static double BytesEach(Action<int> loop)
    {
        loop(Repetitions);
        long before = GC.GetAllocatedBytesForCurrentThread();
        loop(Repetitions);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Repetitions;
    }

    /// <summary>Counts what all threads allocate, for work that does not stay on the one that asks for it.</summary>
    public static double BytesEachInProcess(Action<int> loop)
    {
        loop(Repetitions);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        loop(Repetitions);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Repetitions;
    }
}
