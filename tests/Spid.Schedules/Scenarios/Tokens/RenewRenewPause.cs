using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class RenewRenewPause
{
    public static Scenario Scenario { get; } = new(
        "token/renew-renew-pause", "A renewed token that is refused at once pauses renewal; a late refusal of the one before it does not.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        ServerToken first = await rig.GetAsync();
        ServerToken second = (await rig.RenewAsync(first))!;

        Task<ServerToken?> late = rig.RenewAsync(first);
        Task<ServerToken?> one = rig.RenewAsync(second);
        Task<ServerToken?> two = rig.RenewAsync(second);
        await Guarantee.AllEnd(late, one, two);

        Guarantee.That(one.Result is null && two.Result is null, "a token that was renewed a moment ago was renewed again");
        Guarantee.That(ReferenceEquals(late.Result, second), "the late refusal of a token that has been replaced did not get its replacement");
        Guarantee.That(rig.Spid.Requests == 2, $"{rig.Spid.Requests} requests for a token and its renewal");
    }
}
