using BenchmarkDotNet.Attributes;
using Spid.Benchmarks.Subjects;
using Spid.Client;
using Spid.Client.Http;

namespace Spid.Benchmarks.Suites;

/// <summary>One request with a cached token through a client of <see cref="IHttpClientFactory"/>, and what the same costs elsewhere.</summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private static readonly TokenRequest Kept = new("write:messages", "https://service.example.com");

    private FactoryPipelines _pipelines = null!;
    private AzurePipelines _azure = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _pipelines = new FactoryPipelines();
        _azure = new AzurePipelines();
        await Spid();
        await Spid_KeptTokenRequest();
        await Msal();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _pipelines.Dispose();
        _azure.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<HttpResponseMessage> NoHandler() => Send(_pipelines.Plain, New());

    [Benchmark]
    public Task<HttpResponseMessage> ConstantHeader() => Send(_pipelines.Constant, New());

    [Benchmark]
    public Task<HttpResponseMessage> Spid() => Send(_pipelines.Spid, New());

    [Benchmark]
    public Task<HttpResponseMessage> Spid_KeptTokenRequest() => Send(_pipelines.Spid, New().WithSpidToken(Kept));

    [Benchmark]
    public Task<HttpResponseMessage> Spid_ScopeOfTheRequest() => Send(_pipelines.Spid, New().WithSpidScope("write:messages"));

    [Benchmark]
    public Task<HttpResponseMessage> Msal() => Send(_pipelines.Msal, New());

    [Benchmark]
    public ValueTask AzureCore_NoPolicy() => AzurePipelines.SendAsync(_azure.Plain);

    [Benchmark]
    public ValueTask AzureCore() => AzurePipelines.SendAsync(_azure.Bearer);

    private static HttpRequestMessage New() => new(HttpMethod.Get, Subject.Service);

    private static Task<HttpResponseMessage> Send(HttpClient client, HttpRequestMessage request) =>
        client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
}
