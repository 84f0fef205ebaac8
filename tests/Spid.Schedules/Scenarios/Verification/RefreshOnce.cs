using Spid.ResourceServer;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class RefreshOnce
{
    private static readonly TokenClaims Claims = IntrospectionAnswer.Read(System.Text.Encoding.UTF8.GetBytes(TokenSigner.ActiveAnswer()), out _)!.Claims!;

    public static Scenario Scenario { get; } = new(
        "memory/refresh-once", "Of callers that find remembered facts due for a refresh one gets the right to ask again.", RunAsync)
    {
        SeesFields = true,
    };

    private static async Task RunAsync()
    {
        var cached = new CachedFacts(new TokenFacts(Claims, SpidTokenSource.Introspected, TimeSpan.Zero), freshUntil: 60, staleUntil: 60, refreshAt: 48);

        Task<bool> one = Task.Run(() => cached.TryBeginRefresh(50));
        Task<bool> early = Task.Run(() => cached.TryBeginRefresh(47));
        Task<bool> two = Task.Run(() => cached.TryBeginRefresh(48));
        await Guarantee.AllEnd(one, early, two);

        Guarantee.That(!early.Result, "the facts were refreshed before they were due");
        Guarantee.That(one.Result != two.Result, one.Result ? "two callers refresh the same facts" : "no caller refreshes the facts");
    }
}
