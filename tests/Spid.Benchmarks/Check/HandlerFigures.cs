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

        yield return new("handler hit, new request: time", () => SideBySide.Ratio(SendNew(ours), SendNew(constant)), "x", 1.5);
        yield return new("handler hit, new request: bytes", () => Extra(SendNew(ours), SendNew(constant)), "B more", 0);
        yield return new("handler hit, reused request: time", () => SideBySide.Ratio(SendAgain(ours), SendAgain(constant)), "x", 1.5);
        yield return new("handler hit, reused request: bytes", () => Extra(SendAgain(ours), SendAgain(constant)), "B more", 0);

        using var pending = new PendingService();
        using HttpMessageInvoker oursPending = subject.CreateInvoker(pending);
        using var constantPending = new HttpMessageInvoker(new ConstantHeaderHandler(pending));
        yield return new("handler hit, answer later: bytes", () => Extra(SendPending(oursPending, pending), SendPending(constantPending, pending)), "B more", 200);
    }

    private static double Extra(Action<int> ours, Action<int> constant) => Allocation.BytesEach(ours) - Allocation.BytesEach(constant);

    private static Action<int> SendNew(HttpMessageInvoker invoker) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Subject.Service);
            _ = invoker.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        }
    };

    /// <summary>The header is taken off on both sides: whoever sends a request twice is rare, and whose header it is would decide.</summary>
    private static Action<int> SendAgain(HttpMessageInvoker invoker)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Subject.Service);
        return repetitions =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                request.Headers.Authorization = null;
                _ = invoker.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
            }
        };
    }

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
}
