using BenchmarkDotNet.Attributes;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Suites;

/// <summary>A request through the token handler, against one that sets a constant header.</summary>
[MemoryDiagnoser]
public class HandlerBenchmarks
{
    private Subject _subject = null!;
    private PendingService _pending = null!;
    private HttpMessageInvoker _constant = null!;
    private HttpMessageInvoker _handler = null!;
    private HttpMessageInvoker _constantPending = null!;
    private HttpMessageInvoker _handlerPending = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _subject = new Subject();
        await _subject.WarmAsync();
        _pending = new PendingService();
        _constant = new HttpMessageInvoker(new ConstantHeaderHandler(new PromptService()));
        _handler = _subject.CreateInvoker(new PromptService());
        _constantPending = new HttpMessageInvoker(new ConstantHeaderHandler(_pending));
        _handlerPending = _subject.CreateInvoker(_pending);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _constant.Dispose();
        _handler.Dispose();
        _constantPending.Dispose();
        _handlerPending.Dispose();
        _subject.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<HttpResponseMessage> ConstantHeader() => Send(_constant);

    [Benchmark]
    public Task<HttpResponseMessage> TokenHandler() => Send(_handler);

    [Benchmark]
    public HttpResponseMessage ConstantHeader_AnswerLater() => SendPending(_constantPending);

    [Benchmark]
    public HttpResponseMessage TokenHandler_AnswerLater() => SendPending(_handlerPending);

    private static Task<HttpResponseMessage> Send(HttpMessageInvoker invoker) =>
        invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, Subject.Service), CancellationToken.None);

    private HttpResponseMessage SendPending(HttpMessageInvoker invoker)
    {
        Task<HttpResponseMessage> sending = Send(invoker);
        _pending.Answer();
        return sending.GetAwaiter().GetResult();
    }
}
