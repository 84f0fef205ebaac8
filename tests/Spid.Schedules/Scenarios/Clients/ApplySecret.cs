using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Clients;

internal static class ApplySecret
{
    public static Scenario Scenario { get; } = new(
        "client/apply-secret", "A changed secret fails no call and loses no token, whatever is under way; requests with it do not wait for those with the old one.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();

        Task<ServerToken> during = rig.GetAsync();
        Task changing = Task.Run(() => rig.Tokens.Apply(ClientRig.Options(ClientRig.Scope, options => options.ClientSecret = "another secret of the schedules")));
        Task<ServerToken> beside = rig.GetAsync();
        await Guarantee.AllEnd(during, changing, beside);

        Guarantee.That(rig.Tokens.Cache.Default.SecondsLeft is not null, "the token was lost");
        Guarantee.That(rig.Tokens.Cache.Default.TryGet(out _), "a caller has to wait while a token lives");
        Guarantee.That(rig.Spid.MostAtOnce <= 2, $"one token was requested {rig.Spid.MostAtOnce} times at once with two secrets");
    }
}
