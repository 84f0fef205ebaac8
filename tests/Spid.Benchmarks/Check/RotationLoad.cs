using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>
/// A service with 2 000 requests a second whose key is rotated halfway through, while tokens of another issuer and of a key that nobody publishes
/// arrive beside them.
/// </summary>
internal static class RotationLoad
{
    private const int Callers = 2;
    private const int RequestsPerCaller = 2_000;
    private const int Tokens = 100;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    public static (int Fetches, int Refused) Measure()
    {
        using var key = new PublishedKey();
        using var api = ProtectedApi.WithSpid(key, remembers: false);
        string[] current = [.. Enumerable.Range(0, Tokens).Select(_ => "Bearer " + key.Issue())];
        string[] next = [.. Enumerable.Range(0, Tokens).Select(_ => "Bearer " + key.Issue("next"))];
        string[] strays =
        [
            .. Enumerable.Range(0, Tokens).Select(number => "Bearer " + key.Issue(number % 2 == 0 ? "stray" : $"other-{number}", issuer: number % 2 == 0 ? PublishedKey.Issuer : "https://idp.example.com")),
        ];
        _ = api.Request(current[0]);

        long startedAt = TimeProvider.System.GetTimestamp();
        Task<int>[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => Send(api, () => Volatile.Read(ref current), strays)))];
        SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(startedAt) >= RequestsPerCaller / 2 * Pace);
        key.Rotate("next");
        Volatile.Write(ref current, next);
        int refused = Task.WhenAll(callers).GetAwaiter().GetResult().Sum();
        return (key.KeyFetches, refused);
    }

    /// <summary>Sends one request in each millisecond, and with every tenth a stray one. Gives how many good tokens were refused.</summary>
    private static int Send(ProtectedApi api, Func<string[]> tokens, string[] strays)
    {
        int refused = 0;
        long startedAt = TimeProvider.System.GetTimestamp();
        for (int number = 0; number < RequestsPerCaller; number++)
        {
            SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(startedAt) >= number * Pace);
            string[] good = tokens();
            refused += api.Request(good[number % good.Length]) ? 0 : 1;
            if (number % 10 == 0)
            {
                _ = api.Request(strays[number / 10 % strays.Length]);
            }
        }

        return refused;
    }
}
