using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Clients;

internal static class ApplyApply
{
    public static Scenario Scenario { get; } = new(
        "client/apply-apply", "Of two changes one stands whole, and a token fits the options of some moment during the call.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();

        Task one = Task.Run(() => rig.Tokens.Apply(ClientRig.Options("one")));
        Task two = Task.Run(() => rig.Tokens.Apply(ClientRig.Options("two")));
        Task<ServerToken> during = rig.GetAsync();
        await Guarantee.AllEnd(one, two, during);

        string scope = rig.Tokens.Cache.Settings.Defaults.Scope!;
        ServerToken after = await rig.GetAsync();
        Guarantee.That(scope is "one" or "two", "neither change stands");
        Guarantee.That(after.AccessToken.StartsWith($"{scope}-", StringComparison.Ordinal), "the token is of other options than those that stand");
        Guarantee.That(rig.Spid.MostAtOnce == 1, "one token was requested twice at once");
    }
}
