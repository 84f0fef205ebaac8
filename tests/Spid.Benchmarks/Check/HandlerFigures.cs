using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>What the token handler costs against one that sets a constant header.</summary>
internal static class HandlerFigures
{
    public static IEnumerable<Figure> Measure()
    {
        using var subject = new Subject();
        subject.WarmAsync().GetAwaiter().GetResult();
        using var service = new PromptService();
        using HttpMessageInvoker ours = subject.CreateInvoker(service);
        using var constant = new HttpMessageInvoker(new ConstantHeaderHandler(service));

        // The compiler bets on the handler that it sees most often at a call site; more kinds than two keep it from favouring one of them.
        Action<int> others = SendNew(new(new First(service))) + SendNew(new(new Second(service))) + SendNew(new(new Third(service)));
        yield return new("handler hit: time", () => SideBySide.Ratio(SendNew(ours), SendNew(constant), others), "x", 1.5);
        yield return new("handler hit: bytes", () => Extra(SendNew(ours), SendNew(constant)), "B more", 0);

        using var pending = new PendingService();
        using HttpMessageInvoker oursPending = subject.CreateInvoker(pending);
        using var constantPending = new HttpMessageInvoker(new ConstantHeaderHandler(pending));
        yield return new("handler hit, answer comes later: bytes", () => Extra(SendPending(oursPending, pending), SendPending(constantPending, pending)), "B more", 200);
    }

    private static double Extra(Action<int> ours, Action<int> constant) => Allocation.BytesEach(ours) - Allocation.BytesEach(constant);

    /// <summary>Each time a new request, as <see cref="HttpClient"/> demands.</summary>
    private static Action<int> SendNew(HttpMessageInvoker invoker) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Subject.Service);
            _ = invoker.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        }
    };

    private static Action<int> SendPending(HttpMessageInvoker invoker, PendingService service) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Subject.Service);
            Task<HttpResponseMessage> sending = invoker.SendAsync(request, CancellationToken.None);
            service.Answer();
            _ = sending.GetAwaiter().GetResult();
        }
    };

    private sealed class First(HttpMessageHandler inner) : DelegatingHandler(inner);

    private sealed class Second(HttpMessageHandler inner) : DelegatingHandler(inner);

    private sealed class Third(HttpMessageHandler inner) : DelegatingHandler(inner);
}
