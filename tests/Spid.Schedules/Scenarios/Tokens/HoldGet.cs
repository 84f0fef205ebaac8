using Spid.Client;
using Spid.Client.Tokens;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class HoldGet
{
    private static readonly TokenRequest Wanted = new("other");

    public static Scenario Scenario { get; } = new(
        "token/hold-get", "A handler that is set up while the same token is asked for shares its entry.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        TokenCache cache = rig.Tokens.Cache;

        Task<TokenEntry> held = Task.Run(() => cache.Hold(Wanted));
        Task<TokenEntry> found = Task.Run(() => cache.Get(new TokenRequest("other")));
        Task<TokenEntry> foundByName = Task.Run(() => cache.Get(new TokenRequest("other")));
        await Guarantee.AllEnd(held, found, foundByName);

        Guarantee.That(ReferenceEquals(held.Result, found.Result) && ReferenceEquals(held.Result, foundByName.Result), "one request has two entries");
        Guarantee.That(ReferenceEquals(cache.Get(Wanted), held.Result), "the entry of the handler is found no more");
    }
}
