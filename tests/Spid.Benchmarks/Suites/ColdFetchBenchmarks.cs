using BenchmarkDotNet.Attributes;
using Duende.IdentityModel.Client;
using Microsoft.Identity.Client;
using Spid.Benchmarks.Rivals;
using Spid.Benchmarks.Subjects;
using Spid.Client;

namespace Spid.Benchmarks.Suites;

/// <summary>One token from an endpoint in memory.</summary>
[MemoryDiagnoser]
public class ColdFetchBenchmarks
{
    private static readonly string[] Scopes = ["https://service.example.com/.default"];

    private Subject _subject = null!;
    private HttpClient _http = null!;
    private BareRequest _bare = null!;
    private IConfidentialClientApplication _msal = null!;
    private World _world = null!;
    private OpenIddictRival _openIddict = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _subject = new Subject();
        _http = new HttpClient(_subject.Endpoint, disposeHandler: false);
        _bare = new BareRequest(_http);
        _msal = MsalApplication.Create(_http);
        _world = new World(TimeSpan.FromDays(1));
        _openIddict = new OpenIddictRival(_world);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _openIddict.Dispose();
        _world.Dispose();
        _http.Dispose();
        _subject.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<TokenResponse> DuendeIdentityModel() => _bare.SendAsync("read:messages");

    [Benchmark]
    public Task<ServerToken> Spid() => _subject.Tokens.RequestTokenAsync();

    [Benchmark]
    public Task<AuthenticationResult> Msal() => _msal.AcquireTokenForClient(Scopes).WithForceRefresh(true).ExecuteAsync();

    [Benchmark]
    public Task<string> OpenIddictClient() => _openIddict.GetTokenAsync("read:messages");
}
