using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Traffic;

/// <summary>
/// A simulated hour of good, stale, foreign and hostile tokens while SPiD rotates its keys every seven minutes and is down every four, in five ways, and
/// options change every minute and a half. The answer to each token is held against what the world knows of it.
/// </summary>
[CancelAfter(300_000)]
internal sealed class HourOfTrafficTests : IDisposable
{
    private const int Seconds = 3_600;

    private static readonly TimeSpan RevocationBound = TimeSpan.FromSeconds(62);

    private readonly VerifierRig _rig = new();
    private readonly List<string> _wrong = [];
    private readonly Dictionary<(TrafficKind Kind, SpidVerificationStatus Status), int> _counts = [];

    [TestCase("Auto", 1)]
    [TestCase("Remote", 2)]
    [TestCase("Local", 3)]
    [TestCase("Confirmed", 4)]
    public async Task VerifyAsync_HourOfMixedTraffic_NoVerdictIsWrong(string mode, int seed)
    {
        Action follow = () => { };
        SpidVerifierOptions options = CreateOptions(mode);
        using var verifier = new ReloadingVerifier(
            "rig",
            () => options,
            (settings, previous) => new SpidTokenVerifier(settings, _rig.Parts, previous),
            changed =>
            {
                follow = changed;
                return null;
            },
            _rig.Parts);
        using var world = new TrafficWorld(_rig, new Random(seed));
        TimeSpan? revocationBound = mode is "Remote" or "Confirmed" ? RevocationBound : null;

        for (int second = 0; second < Seconds; second++)
        {
            await SendAsync(verifier, world, [.. world.Next(second)], revocationBound);
            if (second % 90 == 60)
            {
                options = CreateOptions(mode);
                options.Introspection.BreakDuration += TimeSpan.FromSeconds(second % 4);
                options.Audiences.Add($"https://also-{second}.example.com");
                follow();
            }

            _rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_wrong, Is.Empty);
        AssertThatThereWasAllOfIt();
    }

    public void Dispose() => _rig.Dispose();

    private static SpidVerifierOptions CreateOptions(string mode)
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        switch (mode)
        {
            case "Remote":
                Mode.Remote(options);
                break;
            case "Local":
                Mode.Local(options);
                break;
            case "Confirmed":
                options.ConfirmRemotely = TimeSpan.FromSeconds(60);
                break;
            default:
                break;
        }

        return options;
    }

    private async Task SendAsync(ReloadingVerifier verifier, TrafficWorld world, TrafficToken[] tokens, TimeSpan? revocationBound)
    {
        DateTimeOffset began = _rig.Now;
        bool wasTrouble = world.IsTrouble;
        Task<SpidVerificationResult>[] verifications = [.. tokens.Select(token => verifier.VerifyAsync(token.Text.AsMemory(), CancellationToken.None).AsTask())];
        Task<SpidVerificationResult[]> all = Task.WhenAll(verifications);
        while (world.IsSilent && await Task.WhenAny(all, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System)) != all)
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        SpidVerificationResult[] results = await all;
        foreach ((TrafficToken token, SpidVerificationResult result) in tokens.Zip(results))
        {
            _counts[(token.Kind, result.Status)] = _counts.GetValueOrDefault((token.Kind, result.Status)) + 1;

            // Silence makes a second last longer, and either end of it may decide.
            if (!token.Allows(result, began, wasTrouble, revocationBound) && !token.Allows(result, _rig.Now, world.IsTrouble, revocationBound))
            {
                _wrong.Add($"{began:T}: {token} is {result}, {(wasTrouble ? "in" : "out of")} trouble");
            }
        }
    }

    /// <summary>A world in which nothing happens would show nothing.</summary>
    private void AssertThatThereWasAllOfIt()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_counts.GetValueOrDefault((TrafficKind.Good, SpidVerificationStatus.Accepted)), Is.GreaterThan(3_000));
            Assert.That(_counts.GetValueOrDefault((TrafficKind.Good, SpidVerificationStatus.Rejected)), Is.GreaterThan(100), "expired and revoked ones");
            Assert.That(_counts.Where(entry => entry.Key.Status == SpidVerificationStatus.Unavailable).Sum(entry => entry.Value), Is.GreaterThan(10), "outages are noticed");
            foreach (TrafficKind kind in Enum.GetValues<TrafficKind>())
            {
                Assert.That(_counts.Where(entry => entry.Key.Kind == kind).Sum(entry => entry.Value), Is.GreaterThan(200), $"{kind}");
            }
        }
    }
}
