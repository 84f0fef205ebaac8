using Spid.Client;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Tokens;

internal static class GetExpire
{
    public static Scenario Scenario { get; } = new(
        "token/get-expire", "While a token ages and expires, no caller gets an expired one and one request at a time is under way.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new ClientRig();
        await rig.GetAsync();

        Task aging = Task.Run(() =>
        {
            // Past the refresh time, past the last usable moment, past the expiry.
            rig.Time.Advance(TimeSpan.FromSeconds(800));
            rig.Time.Advance(TimeSpan.FromSeconds(80));
            rig.Time.Advance(TimeSpan.FromSeconds(30));
        });
        Task one = GetLivingAsync(rig);
        Task two = GetLivingAsync(rig);
        await Guarantee.AllEnd(aging, one, two);

        await GetLivingAsync(rig);
        Guarantee.That(rig.Spid.MostAtOnce == 1, "two requests were under way at once");
        Guarantee.That(rig.Spid.Requests is 2 or 3, $"{rig.Spid.Requests} requests");
    }

    private static Task GetLivingAsync(ClientRig rig) => Task.Run(async () =>
    {
        DateTimeOffset askedAt = rig.Time.GetUtcNow();
        ServerToken token = await rig.Tokens.GetTokenAsync();
        Guarantee.That(askedAt < token.ExpiresAt, "a token that had expired before the call was served");
    });
}
