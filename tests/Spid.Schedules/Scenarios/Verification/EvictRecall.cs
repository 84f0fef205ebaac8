using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class EvictRecall
{
    private static readonly string Token = TokenSigner.Sign(VerifierRig.FirstKey).ToString();
    private static readonly TokenHash Hash = new([.. Enumerable.Range(0, TokenHash.Size).Select(number => (byte)number)]);

    public static Scenario Scenario { get; } = new(
        "flights/evict-recall", "A search that finds the token in the cache, just before it is evicted there, is not joined after the eviction.", RunAsync);

    private static async Task RunAsync()
    {
        await EvictAsync(flights => flights.Evict(Hash));
        await EvictAsync(flights => flights.EvictClient(TokenSigner.ClientId));
    }

    private static async Task EvictAsync(Action<TokenFlights> evict)
    {
        using var rig = new VerifierRig(VerifierRig.Remote);
        var revocation = new Revocation(rig);
        var settings = VerifierSettings.From("rig", VerifierRig.Options(VerifierRig.Remote));
        using var keys = new KeySet(settings, rig.Parts);
        using var introspection = new IntrospectionClient(settings, rig.Parts);
        using var cache = new FactsCache(settings, rig.Time);
        var memory = new TokenMemory(cache, keys, new Judgement(settings), rig.Time);
        var finder = new FactFinder(settings, keys, new RemoteFinder(introspection, null, rig.Time), new Judgement(settings), rig.Time);
        using var flights = new TokenFlights(finder, memory, cache, settings.Timeout, rig.Time);
        TokenSearch search = finder.Prepare(Token.AsMemory(), out _)!;
        await FindAsync(flights, search);

        // A caller that looked into the cache before the token was stored.
        Task<Finding> late = Task.Run(() => FindAsync(flights, search));
        Task evicting = Task.Run(async () =>
        {
            revocation.Revoke();
            evict(flights);
            Finding after = await FindAsync(flights, search);
            Guarantee.That(after.Facts is null, "what was known before an eviction was found after it");
        });
        await Guarantee.AllEnd(late, evicting);
    }

    private static Task<Finding> FindAsync(TokenFlights flights, TokenSearch search) => flights.StartOrJoin(Hash, search, out _).Task;
}
