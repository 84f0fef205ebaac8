using BenchmarkDotNet.Attributes;
using Spid.Benchmarks.Subjects;
using Spid.ResourceServer;

namespace Spid.Benchmarks.Suites;

/// <summary>One authenticated request through the middleware: with a token that is remembered, and with one that has to be verified.</summary>
[MemoryDiagnoser]
public class VerificationBenchmarks
{
    private PublishedKey _key = null!;
    private ProtectedApi[] _apis = [];
    private string _token = null!;
    private string _typedToken = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _key = new PublishedKey();
        _token = "Bearer " + _key.Issue();

        // OpenIddict takes no other type; the token is the same otherwise.
        _typedToken = "Bearer " + _key.Issue(type: "at+jwt");
        _apis =
        [
            ProtectedApi.WithNothing(),
            ProtectedApi.WithSpid(_key),
            ProtectedApi.WithSpid(_key, remembers: false),
            ProtectedApi.WithSpid(_key, SpidVerificationMode.Remote, remembers: false),
            ProtectedApi.WithJwtBearer(_key),
            ProtectedApi.WithOpenIddict(_key, introspects: false),
            ProtectedApi.WithOpenIddict(_key, introspects: true),
        ];
        if (!(Nothing() && Spid() && Spid_BySignature() && Spid_ByIntrospection() && JwtBearer() && OpenIddict_BySignature() && OpenIddict_ByIntrospection()))
        {
            throw new InvalidOperationException("A token is refused, so there is nothing to measure.");
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        Array.ForEach(_apis, api => api.Dispose());
        _key.Dispose();
    }

    [Benchmark(Baseline = true)]
    public bool Nothing() => _apis[0].Request(_token);

    [Benchmark]
    public bool Spid() => _apis[1].Request(_token);

    [Benchmark]
    public bool JwtBearer() => _apis[4].Request(_token);

    [Benchmark]
    public bool Spid_BySignature() => _apis[2].Request(_token);

    [Benchmark]
    public bool OpenIddict_BySignature() => _apis[5].Request(_typedToken);

    [Benchmark]
    public bool Spid_ByIntrospection() => _apis[3].Request(_token);

    [Benchmark]
    public bool OpenIddict_ByIntrospection() => _apis[6].Request(_typedToken);
}
