using BenchmarkDotNet.Attributes;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Suites;

/// <summary>Many callers of one client: on several threads, and all at once without a token.</summary>
[MemoryDiagnoser]
public class LoadBenchmarks
{
    private const int Lookups = 1_000_000;
    private const int Callers = 10_000;

    private Subject _subject = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _subject = new Subject();
        await _subject.WarmAsync();
    }

    [GlobalCleanup]
    public void CleanUp() => _subject.Dispose();

    [Benchmark(OperationsPerInvoke = Lookups)]
    public void Hits()
    {
        Thread[] workers = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() => LookUp(Lookups / Threads)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
    }

    [Benchmark]
    public async Task ColdStartAsync()
    {
        using var cold = new Subject();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => cold.Tokens.GetTokenAsync().AsTask()));
    }

    private void LookUp(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = _subject.Hit();
        }
    }
}
