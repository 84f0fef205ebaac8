using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>SPiD answers every second request only: it fails at once or stalls. A simulation in virtual time, with the same failures each time.</summary>
[CancelAfter(300_000)]
internal sealed class FlappingTests
{
    private const double ErrorRate = 0.3;
    private const double StallRate = 0.2;

    private static readonly TimeSpan Duration = TimeSpan.FromHours(3);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    [Test(Description = "A38, R6")]
    public async Task GetTokenAsync_ThirtyPercentErrorsAndTwentyPercentStalls_NearlyAllCallsSucceed(
        [Values(60, 900)] int lifetime, [Values(1, 2, 3)] int seed, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        var random = new Random(seed);
        client.Spid.Answer = async (number, _, requestCancelled) =>
        {
            // A service that starts meets a healthy SPiD here: without a first token there is nothing to serve.
            double draw = number == 1 ? 1 : random.NextDouble();
            if (draw < StallRate)
            {
                await client.StallAsync(Stall, requestCancelled);
            }

            return draw < StallRate + ErrorRate && draw >= StallRate ? StubSpid.Error(503) : StubSpid.Token($"token-{number}", lifetime);
        };
        List<Task<ServerToken>> calls = [];
        DateTimeOffset end = client.Time.GetUtcNow() + Duration;

        int made = 0;
        int failed = 0;
        int expired = 0;
        while (client.Time.GetUtcNow() < end)
        {
            ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
            made++;
            if (call.IsCompletedSuccessfully)
            {
                expired += call.Result.ExpiresAt <= client.Time.GetUtcNow() ? 1 : 0;
            }
            else
            {
                calls.Add(call.AsTask());
            }

            await client.StepAsync(Step);
            failed += calls.RemoveAll(task => task.IsFaulted);
            calls.RemoveAll(task => task.IsCompletedSuccessfully);
        }

        double succeeded = 1 - ((double)failed / made);
        TestContext.Out.WriteLine($"{succeeded:P3} of {made} calls succeeded with {client.Spid.Count} requests.");
        Assert.That(expired, Is.Zero);
        Assert.That(succeeded, Is.GreaterThanOrEqualTo(lifetime == 60 ? 0.999 : 1));
    }
}
