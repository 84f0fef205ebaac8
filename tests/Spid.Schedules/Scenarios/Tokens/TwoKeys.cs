using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class TwoKeys
{
    public static Scenario Scenario { get; } = new(
        "token/two-keys", "In a cache of one entry two keys push each other out: each caller gets its own token, and no key is fetched twice at once.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig(options => options.Cache.MaximumEntries = 1);

        Task one = GetOwnAsync(rig, "one");
        Task two = GetOwnAsync(rig, "two");
        Task again = GetOwnAsync(rig, "one");
        await Guarantee.AllEnd(one, two, again);

        Guarantee.That(rig.Spid.MostAtOnce == 1, "one key was fetched twice at once");
    }

    private static Task GetOwnAsync(ClientRig rig, string scope) => Task.Run(async () =>
    {
        ServerToken token = await rig.Tokens.GetTokenAsync(new TokenRequest(scope));
        Guarantee.That(token.AccessToken.StartsWith($"{scope}-", StringComparison.Ordinal), "a caller got the token of another key");
    });
}
