using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>What many callers at once cost the endpoint and each other.</summary>
internal static class LoadFigures
{
    private const int ColdCallers = 10_000;
    private const int RolloverCallers = 100_000;

    public static IEnumerable<Figure> Measure()
    {
        yield return new("two threads against one: throughput", Scaling.Measure, "x", 1.6, IsFloor: true);
        yield return new("10 000 cold callers: token requests", () => MeasureColdStart(), "requests", 1);
        yield return new("rollover under load: callers that wait", () => MeasureRollover().Waiting, "callers", 0);
        yield return new("rollover under load: token requests", () => MeasureRollover().Requests, "requests", 1);
    }

    private static int MeasureColdStart()
    {
        using var subject = new Subject();
        subject.Endpoint.Hang();
        Task[] callers = [.. Enumerable.Range(0, ColdCallers).Select(_ => Task.Run(async () => await subject.Tokens.GetTokenAsync()))];
        subject.Endpoint.Release();
        Task.WaitAll(callers);
        return subject.Endpoint.Requests;
    }

    /// <summary>The token is past its refresh time while the endpoint hangs: whoever does not complete at once waits for the network.</summary>
    private static (int Waiting, int Requests) MeasureRollover()
    {
        var time = new ManualTime();
        using var subject = new Subject(time);
        subject.WarmAsync().GetAwaiter().GetResult();
        int before = subject.Endpoint.Requests;
        subject.Endpoint.Hang();
        time.Advance(TimeSpan.FromHours(22));

        int waiting = 0;
        Parallel.For(0, RolloverCallers, _ =>
        {
            if (!subject.Tokens.GetTokenAsync().AsTask().IsCompletedSuccessfully)
            {
                Interlocked.Increment(ref waiting);
            }
        });

        SpinWait.SpinUntil(() => subject.Endpoint.Requests > before, TimeSpan.FromSeconds(10));
        int requests = subject.Endpoint.Requests - before;
        subject.Endpoint.Release();
        return (waiting, requests);
    }
}
