using BenchmarkDotNet.Attributes;
using Microsoft.Identity.Client;
using Spid.Benchmarks.Rivals;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Suites;

/// <summary>The same with MSAL.NET. Obtaining 100 000 tokens takes it many minutes, for each request searches those that are there.</summary>
[MemoryDiagnoser]
public class MsalKeysBenchmarks
{
    private readonly TokenEndpointStub _endpoint = new(TimeSpan.FromDays(1));
    private HttpClient _http = null!;
    private IConfidentialClientApplication _msal = null!;
    private string[][] _scopes = [];
    private int _next;

    [Params(1, 10, 1_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _http = new HttpClient(_endpoint, disposeHandler: false);
        _msal = MsalApplication.Create(_http);
        _scopes = [.. Enumerable.Range(0, Keys).Select(number => new[] { $"https://service-{number}.example.com/.default" })];
        foreach (string[] scopes in _scopes)
        {
            await _msal.AcquireTokenForClient(scopes).ExecuteAsync();
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _http.Dispose();

    [Benchmark]
    public Task<AuthenticationResult> Msal()
    {
        _next = _next + 1 >= Keys ? 0 : _next + 1;
        return _msal.AcquireTokenForClient(_scopes[_next]).ExecuteAsync();
    }
}
