using System.Net;
using System.Runtime.ExceptionServices;
using Spid.Benchmarks.Subjects;
using Spid.ResourceServer;

namespace Spid.Benchmarks.Check;

/// <summary>What a token costs while introspection is down and its circuit breaker is open.</summary>
internal static class OutageFigures
{
    private const int Tokens = 3_000;
    private const int Batch = 30;
    private const int Rounds = 10;

    public static IEnumerable<Figure> Measure()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key, SpidVerificationMode.Remote, configure: options => options.Introspection.BreakDuration = TimeSpan.FromMinutes(1));
        key.AnswerOtherwise = _ => new HttpResponseMessage(HttpStatusCode.InternalServerError);
        string[] tokens = [.. Enumerable.Range(0, Tokens).Select(_ => key.Issue())];
        OpenCircuit(api, key);

        yield return new("B27: circuit open, 3 000 tokens: exceptions", () => CountExceptions(api, tokens), "count", 0);
        yield return new("B27: circuit open, 3 000 tokens: time of each", () => MeasureEach(api, key, tokens), "us", 5);
    }

    private static void OpenCircuit(ProtectedApi api, PublishedKey key)
    {
        while (Verify(api, key.Issue()).Reason != SpidVerificationReason.CircuitOpen)
        {
        }
    }

    private static double CountExceptions(ProtectedApi api, string[] tokens)
    {
        int exceptions = 0;
        EventHandler<FirstChanceExceptionEventArgs> count = (_, _) => Interlocked.Increment(ref exceptions);
        AppDomain.CurrentDomain.FirstChanceException += count;
        Array.ForEach(tokens, token => _ = api.Request("Bearer " + token));
        AppDomain.CurrentDomain.FirstChanceException -= count;
        return exceptions;
    }

    /// <summary>Gives the median of batches that are much shorter than a time slice of the scheduler.</summary>
    private static double MeasureEach(ProtectedApi api, PublishedKey key, string[] tokens)
    {
        int asked = key.Introspections;
        string[][] batches = [.. tokens.Chunk(Batch)];
        double[] samples = new double[Rounds * batches.Length];
        for (int index = 0; index < samples.Length; index++)
        {
            string[] batch = batches[index % batches.Length];
            samples[index] = SideBySide.Milliseconds(_ => Array.ForEach(batch, token => Verify(api, token)), 1) * 1000 / batch.Length;
        }

        if (key.Introspections != asked)
        {
            throw new InvalidOperationException("The circuit was not open all the time, so nothing was measured.");
        }

        return SideBySide.Median(samples);
    }

    private static SpidVerificationResult Verify(ProtectedApi api, string token)
    {
        ValueTask<SpidVerificationResult> verification = api.Verifier.VerifyAsync(token.AsMemory(), CancellationToken.None);
        return verification.IsCompletedSuccessfully ? verification.Result : verification.AsTask().GetAwaiter().GetResult();
    }
}
