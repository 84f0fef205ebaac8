using Spid.Benchmarks.Subjects;
using Spid.ResourceServer;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Verification;

namespace Spid.Benchmarks.Check;

/// <summary>What many callers, and strangers, can make a protected service do.</summary>
internal static class AttackFigures
{
    private const int Callers = 50;
    private const int RandomTokens = 10_000;
    private const int ForgedKeys = 1_000;

    public static IEnumerable<Figure> Measure()
    {
        yield return new("50 first requests with one token: remote calls", MeasureFirstRequests, "calls", 1);

        (int Calls, int Held, int Evicted) random = MeasureRandomTokens();
        yield return new("10 000 random tokens: remote calls", () => random.Calls, "calls", 0);
        yield return new("10 000 random tokens: tokens held", () => random.Held, "tokens", 2_001);
        yield return new("10 000 random tokens: hot tokens pushed out", () => random.Evicted, "tokens", 0);

        (int Fetches, int Refused) forged = MeasureForgedKeys();
        yield return new("1 000 forged key ids: key fetches", () => forged.Fetches, "fetches", 3);
        yield return new("1 000 forged key ids: good tokens refused", () => forged.Refused, "tokens", 0);
    }

    private static double MeasureFirstRequests()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key, SpidVerificationMode.Remote);
        string authorization = "Bearer " + key.Issue();
        Task.WaitAll([.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => api.Request(authorization)))]);
        return key.Introspections;
    }

    /// <summary>Half are no JWT, half are JWTs with a key id that exists and a signature that does not fit.</summary>
    private static (int Calls, int Held, int Evicted) MeasureRandomTokens()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key);
        string hot = key.Issue();
        _ = api.Request("Bearer " + hot);
        for (int number = 0; number < RandomTokens; number++)
        {
            string forged = $"{hot[..hot.LastIndexOf('.')]}.{Convert.ToHexString(BitConverter.GetBytes((long)number))}";
            _ = api.Request("Bearer " + (number % 2 == 0 ? $"{number:x8}{number:x8}{number:x8}{number:x8}{number:x8}" : forged));
        }

        FactsCache cache = ((ReloadingVerifier)api.Verifier).Current.Cache;
        SpidVerificationResult again = api.Verifier.VerifyAsync(hot.AsMemory(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        bool stays = again.Token.Source == SpidTokenSource.Cached;
        return (key.Introspections, cache.FactsCount + cache.RefusalCount, stays ? 0 : 1);
    }

    private static (int Fetches, int Refused) MeasureForgedKeys()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key);
        int refused = 0;
        for (int number = 0; number < ForgedKeys; number++)
        {
            _ = api.Request("Bearer " + key.Issue(keyId: $"forged-{number}"));
            refused += number % 10 == 0 && !api.Request("Bearer " + key.Issue()) ? 1 : 0;
        }

        return (key.KeyFetches, refused);
    }
}
