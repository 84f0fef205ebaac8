using Spid.Seeds.Catalog.AspNetCore;
using Spid.Seeds.Catalog.Client;
using Spid.Seeds.Catalog.ResourceServer;
using Spid.Seeds.Catalog.Wire;

namespace Spid.Seeds.Catalog;

/// <summary>All seeds, in the order in which they run: those of one project follow each other, which keeps builds short.</summary>
internal static class SeedCatalog
{
    public static IReadOnlyList<Seed> All { get; } =
    [
        .. TokenEntrySeeds.All,
        .. RenewalSeeds.All,
        .. TokenCacheSeeds.All,
        .. FailureSeeds.All,
        .. HandlerSeeds.All,
        .. WireSeeds.All,
        .. FlightSeeds.All,
        .. FactsCacheSeeds.All,
        .. SharingSeeds.All,
        .. PolicySeeds.All,
        .. KeySeeds.All,
        .. IntrospectionSeeds.All,
        .. ReloadSeeds.All,
        .. SchemeSeeds.All,
    ];
}
