using Spid.Benchmarks.Rivals;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>What a token from the endpoint costs beside a bare request for one.</summary>
internal static class FetchFigures
{
    public static IEnumerable<Figure> Measure()
    {
        using var subject = new Subject();
        using var http = new HttpClient(subject.Endpoint, disposeHandler: false);
        var bare = new BareRequest(http);
        Action<int> ours = Repeat(() => subject.Tokens.RequestTokenAsync());
        Action<int> theirs = Repeat(() => bare.SendAsync("read:messages"));

        // 0.99 where the fetch has ended by the time it is awaited, and 1.01 where the task that waits for it has to be kept.
        yield return new("cold fetch beside bare Duende.IdentityModel: bytes", () => Allocation.BytesEachInProcess(ours) / Allocation.BytesEachInProcess(theirs), "x", 1.05);
    }

    private static Action<int> Repeat(Func<Task> request) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            request().GetAwaiter().GetResult();
        }
    };
}
