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

        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a cold fetch takes {Allocation.BytesEachInProcess(ours):0} B, a bare request {Allocation.BytesEachInProcess(theirs):0} B"));
        yield return new("cold fetch beside bare Duende.IdentityModel: bytes", () => Allocation.BytesEachInProcess(ours) / Allocation.BytesEachInProcess(theirs), "x", 1);
    }

    private static Action<int> Repeat(Func<Task> request) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            request().GetAwaiter().GetResult();
        }
    };
}
