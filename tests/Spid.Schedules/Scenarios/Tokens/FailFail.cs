using System.Net;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class FailFail
{
    public static Scenario Scenario { get; } = new(
        "token/fail-fail", "Of two rate limits that arrive at once the longer one stands, and counts as one failure.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        rig.Spid.Answer = (_, scope) => TokenEndpointStub.Failure(HttpStatusCode.TooManyRequests, scope == "long" ? 60 : 5);

        Task one = FailAsync(rig, "long");
        Task two = FailAsync(rig, "short");
        await Guarantee.AllEnd(one, two);

        FailureMemory failures = rig.Tokens.Cache.Failures;
        // One that begins after the other has failed is not sent.
        TimeSpan left = failures.Remembered?.RetryAfter ?? TimeSpan.Zero;
        Guarantee.That(rig.Spid.Requests == 1 || left > TimeSpan.FromSeconds(30), "the shorter rate limit took the place of the longer one");
    }

    private static Task FailAsync(ClientRig rig, string scope) => Task.Run(async () =>
    {
        try
        {
            await rig.Tokens.GetTokenAsync(new TokenRequest(scope));
            Guarantee.That(holds: false, "a token came from an endpoint that gives none");
        }
        catch (SpidException exception)
        {
            Guarantee.That(exception.RetryAfter > TimeSpan.Zero, "the rate limit does not say when to try again");
        }
    });
}
