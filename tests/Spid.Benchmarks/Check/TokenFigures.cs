using Spid.Benchmarks.Subjects;
using Spid.Client;

namespace Spid.Benchmarks.Check;

/// <summary>What a token from the cache costs, the default one and one of many.</summary>
internal static class TokenFigures
{
    private const int FewKeys = 10;
    private const int ManyKeys = 10_000;

    public static IEnumerable<Figure> Measure()
    {
        using var subject = new Subject();
        TokenRequest request = Subject.Request(0);
        subject.WarmAsync(request).GetAwaiter().GetResult();
        Action<int> byDefault = GetDefault(subject);
        Action<int> byRequest = GetEach(subject, [request]);

        yield return new("GetTokenAsync hit: bytes", () => Allocation.BytesEach(byDefault), "B", 0);
        yield return new("GetTokenAsync(TokenRequest) hit: bytes", () => Allocation.BytesEach(byRequest), "B", 0);
        yield return new("GetTokenAsync(TokenRequest) against default: time", () => SideBySide.Ratio(byRequest, byDefault), "x", 10);
        yield return new("hit among 10 000 keys against 10: time", CompareKeys, "x", 2);
        yield return new("requests to fill 10 000 keys and look them up", CountRequests, "requests", ManyKeys + 1);
    }

    /// <summary>Fills both caches anew each time: where the entries come to lie in memory is a part of the cost.</summary>
    private static double CompareKeys()
    {
        TokenRequest[] few = [.. Enumerable.Range(0, FewKeys).Select(Subject.Request)];
        TokenRequest[] many = [.. Enumerable.Range(0, ManyKeys).Select(Subject.Request)];
        using var small = new Subject();
        using var large = new Subject();
        small.WarmAsync(few).GetAwaiter().GetResult();
        large.WarmAsync(many).GetAwaiter().GetResult();

        // In a process that has run for a while the collector has moved the entries together; the waste of 10 000 fetches lies between them yet.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return SideBySide.Ratio(GetEach(large, many), GetEach(small, few));
    }

    private static double CountRequests()
    {
        using var subject = new Subject();
        TokenRequest[] many = [.. Enumerable.Range(0, ManyKeys).Select(Subject.Request)];
        subject.WarmAsync(many).GetAwaiter().GetResult();
        GetEach(subject, many)(ManyKeys);
        return subject.Endpoint.Requests;
    }

    private static Action<int> GetDefault(Subject subject) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            _ = subject.Hit();
        }
    };

    /// <summary>Goes round all keys, from one batch to the next, so that each batch meets other ones.</summary>
    private static Action<int> GetEach(Subject subject, TokenRequest[] requests)
    {
        int next = 0;
        return repetitions =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                _ = subject.Hit(requests[next]);
                next = next + 1 == requests.Length ? 0 : next + 1;
            }
        };
    }
}
