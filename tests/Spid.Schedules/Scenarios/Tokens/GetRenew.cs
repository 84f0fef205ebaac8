using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class GetRenew
{
    public static Scenario Scenario { get; } = new(
        "token/get-renew", "A token that an API refused is replaced by one request, and the caller that had it refused never gets it again.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        ServerToken refused = await rig.GetAsync();

        Task<ServerToken?> one = rig.RenewAsync(refused);
        Task<ServerToken> other = rig.GetAsync();
        Task<ServerToken?> two = rig.RenewAsync(refused);
        await Guarantee.AllEnd(one, other, two);

        Guarantee.That(rig.Spid.Requests == 2, $"{rig.Spid.Requests} requests for two tokens");
        Guarantee.That(one.Result is { } first && first.AccessToken != refused.AccessToken, "the refused token was given again, or none");
        Guarantee.That(ReferenceEquals(one.Result, two.Result), "two renewals of one token gave different tokens");

        ServerToken after = await rig.GetAsync();
        Guarantee.That(ReferenceEquals(after, one.Result), "the refused token is still in the cache");
    }
}
