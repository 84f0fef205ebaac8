using System.Net;
using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class FailRetry
{
    private static readonly TimeSpan LongerThanThePause = TimeSpan.FromSeconds(5);

    public static Scenario Scenario { get; } = new(
        "token/fail-retry", "A failure keeps callers away for its pause only, and is forgotten with the next token.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        rig.Spid.Answer = (number, scope) => number == 1 ? TokenEndpointStub.Failure(HttpStatusCode.ServiceUnavailable) : TokenEndpointStub.Token($"{scope}-{number}");

        Task passing = Task.Run(() => rig.Time.Advance(LongerThanThePause));
        Task<ServerToken?> one = TryGetAsync(rig);
        Task<ServerToken?> two = TryGetAsync(rig);
        await Guarantee.AllEnd(passing, one, two);

        Guarantee.That(rig.Spid.MostAtOnce == 1 && rig.Spid.Requests <= 2, $"{rig.Spid.Requests} requests, {rig.Spid.MostAtOnce} at once");
        rig.Time.Advance(LongerThanThePause);
        ServerToken token = await rig.GetAsync();
        Guarantee.That(rig.Spid.Requests == 2, $"{rig.Spid.Requests} requests for a failure and a token");
        Guarantee.That(rig.Tokens.Cache.Default.LatestError is null, "the failure is still remembered after a token was obtained");
        Guarantee.That(one.Result is null || ReferenceEquals(one.Result, token), "a caller got another token");
        Guarantee.That(two.Result is null || ReferenceEquals(two.Result, token), "a caller got another token");
    }

    private static Task<ServerToken?> TryGetAsync(ClientRig rig) => Task.Run(async () =>
    {
        try
        {
            return await rig.Tokens.GetTokenAsync();
        }
        catch (SpidException)
        {
            return null;
        }
    });
}
