using BenchmarkDotNet.Attributes;
using Microsoft.Identity.Client;
using Spid.Benchmarks.Rivals;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Suites;

/// <summary>Cached tokens of one client, looked up on one thread and on two; the time is that of one lookup of all.</summary>
[MemoryDiagnoser]
public class ThreadsBenchmarks
{
    private const int Lookups = 1_000_000;
    private const int MsalLookups = 10_000;

    private static readonly string[] Scopes = ["https://service.example.com/.default"];

    private Subject _subject = null!;
    private HttpClient _http = null!;
    private IConfidentialClientApplication _msal = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _subject = new Subject();
        await _subject.WarmAsync();
        _http = new HttpClient(_subject.Endpoint, disposeHandler: false);
        _msal = MsalApplication.Create(_http);
        LookUpMsal(1);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _http.Dispose();
        _subject.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public void Spid() => OnAll(LookUp, Lookups);

    [Benchmark(OperationsPerInvoke = MsalLookups)]
    public void Msal() => OnAll(LookUpMsal, MsalLookups);

    private void OnAll(Action<int> work, int count)
    {
        Thread[] workers = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() => work(count / Threads)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
    }

    private void LookUp(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = _subject.Hit();
        }
    }

    private void LookUpMsal(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = _msal.AcquireTokenForClient(Scopes).ExecuteAsync().GetAwaiter().GetResult();
        }
    }
}
