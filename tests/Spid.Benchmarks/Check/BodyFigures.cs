using System.Net.Http.Json;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>What a POST costs with a token handler against the same POST without one.</summary>
internal static class BodyFigures
{
    private static readonly Message Kilobyte = new(new string('x', 1000));

    public static IEnumerable<Figure> Measure()
    {
        using var subject = new Subject();
        subject.WarmAsync().GetAwaiter().GetResult();
        using var service = new ReadingService();
        using HttpMessageInvoker ours = subject.CreateInvoker(service);
        using var without = new HttpMessageInvoker(service);

        Action<int> json = Post(ours, CreateJson);
        Action<int> jsonWithout = Post(without, CreateJson);
        yield return new("POST of 1 KB JSON beside one without handler: time", () => SideBySide.Ratio(json, jsonWithout), "x", 2);
        yield return new("POST of 1 KB JSON beside one without handler: bytes", () => Allocation.BytesEach(json) - Allocation.BytesEach(jsonWithout), "B more", 1700);

        // Bytes can be sent again as they are: what is left is the header, as for a request without a body.
        Action<int> bytes = Post(ours, CreateBytes);
        Action<int> bytesWithout = Post(without, CreateBytes);
        yield return new("POST of 1 KB bytes beside one without handler: bytes", () => Allocation.BytesEach(bytes) - Allocation.BytesEach(bytesWithout), "B more", 168);
    }

    private static JsonContent CreateJson() => JsonContent.Create(Kilobyte);

    private static ByteArrayContent CreateBytes() => new(new byte[1000]);

    private static Action<int> Post(HttpMessageInvoker invoker, Func<HttpContent> create) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Subject.Service) { Content = create() };
            _ = invoker.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        }
    };

    private sealed record Message(string Text);
}
