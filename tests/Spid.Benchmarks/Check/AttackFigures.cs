using System.Net;
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
    private const int RefusedTokens = 1_000;

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

        yield return new("B1: 1 000 tokens that introspection answers 400, 403 or unreadably: good tokens refused", MeasureRefusedTokens, "tokens", 0);

        (int Fetches, int Refused) others = MeasureOtherIssuers();
        yield return new("B5: 1 000 tokens of another issuer: key fetches", () => others.Fetches, "fetches", 2);
        yield return new("B5: the same, then a rotation: good tokens refused", () => others.Refused, "tokens", 0);

        (int Fetches, int Refused) rotation = RotationLoad.Measure();
        yield return new("Rotation at 2 000 requests/s: good tokens refused", () => rotation.Refused, "tokens", 0);
        yield return new("Rotation at 2 000 requests/s: key fetches", () => rotation.Fetches, "fetches", 3);
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

    /// <summary>Each has a key id of its own; halfway through the key is rotated.</summary>
    private static (int Fetches, int Refused) MeasureOtherIssuers()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key);
        string? keyId = null;
        int refused = api.Request("Bearer " + key.Issue()) ? 0 : 1;
        for (int number = 0; number < ForgedKeys; number++)
        {
            _ = api.Request("Bearer " + key.Issue(keyId: $"other-{number}", issuer: "https://idp.example.com"));
            if (number == ForgedKeys / 2)
            {
                keyId = "rotated";
                key.Rotate(keyId);
            }

            refused += number % 10 == 0 && !api.Request("Bearer " + key.Issue(keyId)) ? 1 : 0;
        }

        return (key.KeyFetches, refused);
    }

    /// <summary>None is remembered as good, so each good token is a call while nothing but bad ones has been asked about.</summary>
    private static double MeasureRefusedTokens()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key, SpidVerificationMode.Remote);
        string badHeader = key.Issue(keyId: "bad").Split('.')[0];
        int answers = 0;
        key.AnswerOtherwise = body => !body.Contains(badHeader, StringComparison.Ordinal) ? null : (answers++ % 3) switch
        {
            0 => new HttpResponseMessage(HttpStatusCode.BadRequest),
            1 => new HttpResponseMessage(HttpStatusCode.Forbidden),
            _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{\"active\":true,\"sub\":7}", System.Text.Encoding.UTF8, "application/json") },
        };
        int refused = 0;
        for (int number = 0; number < RefusedTokens; number++)
        {
            _ = api.Request("Bearer " + key.Issue(keyId: "bad"));
            refused += number % 10 == 0 && !api.Request("Bearer " + key.Issue()) ? 1 : 0;
        }

        if (answers != RefusedTokens)
        {
            throw new InvalidOperationException($"There were {answers} answers to {RefusedTokens} bad tokens, so nothing was measured.");
        }

        return refused;
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
