using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class Cancel
{
    public static Scenario Scenario { get; } = new(
        "token/cancel", "A caller that cancels leaves alone: the others get the token of the one request.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        using var leaving = new CancellationTokenSource();

        Task<bool> left = Task.Run(async () =>
        {
            try
            {
                return await rig.Tokens.GetTokenAsync(leaving.Token) is null;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        });
        Task cancelling = Task.Run(leaving.Cancel);
        Task<ServerToken> staying = rig.GetAsync();
        await Guarantee.AllEnd(left, cancelling, staying);

        ServerToken after = await rig.GetAsync();
        Guarantee.That(rig.Spid.Requests == 1, $"{rig.Spid.Requests} requests for one token");
        Guarantee.That(ReferenceEquals(after, staying.Result), "the token was not stored");
    }
}
