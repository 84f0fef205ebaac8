using BenchmarkDotNet.Attributes;
using Spid.Benchmarks.Subjects;
using Spid.Client;

namespace Spid.Benchmarks.Suites;

/// <summary>One cached token of few or many that differ in scope.</summary>
[MemoryDiagnoser]
public class KeysBenchmarks
{
    private Subject _subject = null!;
    private TokenRequest[] _requests = [];
    private int _next;

    [Params(1, 10, 1_000, 100_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _subject = new Subject(maximumEntries: 200_000);
        _requests = [.. Enumerable.Range(0, Keys).Select(Subject.Request)];
        await _subject.WarmAsync(_requests);
    }

    [GlobalCleanup]
    public void CleanUp() => _subject.Dispose();

    [Benchmark(Baseline = true)]
    public ValueTask<ServerToken> Default() => _subject.Tokens.GetTokenAsync();

    [Benchmark]
    public ValueTask<ServerToken> Kept() => _subject.Tokens.GetTokenAsync(_requests[Next()]);

    [Benchmark]
    public ValueTask<ServerToken> New() => _subject.Tokens.GetTokenAsync(Subject.Request(Next()));

    private int Next() => _next = _next + 1 >= Keys ? 0 : _next + 1;
}
