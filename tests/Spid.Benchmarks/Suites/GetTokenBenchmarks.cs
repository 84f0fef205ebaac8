using BenchmarkDotNet.Attributes;
using Spid.Benchmarks.Subjects;
using Spid.Client;

namespace Spid.Benchmarks.Suites;

/// <summary>A token from the cache: the default one, and one of few or many others.</summary>
[MemoryDiagnoser]
public class GetTokenBenchmarks
{
    private Subject _subject = null!;
    private TokenRequest[] _requests = [];
    private int _next;

    [Params(10, 10_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _subject = new Subject();
        _requests = [.. Enumerable.Range(0, Keys).Select(Subject.Request)];
        await _subject.WarmAsync(_requests);
    }

    [GlobalCleanup]
    public void CleanUp() => _subject.Dispose();

    [Benchmark(Baseline = true)]
    public ValueTask<ServerToken> Default() => _subject.Tokens.GetTokenAsync();

    [Benchmark]
    public ValueTask<ServerToken> PerRequest()
    {
        _next = _next + 1 == Keys ? 0 : _next + 1;
        return _subject.Tokens.GetTokenAsync(_requests[_next]);
    }
}
