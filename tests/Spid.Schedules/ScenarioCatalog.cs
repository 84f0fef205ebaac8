using Spid.Schedules.Scenarios.Clients;
using Spid.Schedules.Scenarios.Keys;
using Spid.Schedules.Scenarios.Tokens;
using Spid.Schedules.Scenarios.Verification;

namespace Spid.Schedules;

/// <summary>All scenarios, in the order in which they run.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        GetGet.Scenario,
        GetRenew.Scenario,
        GetExpire.Scenario,
        Cancel.Scenario,
        FailRetry.Scenario,
        FailFail.Scenario,
        FailSucceed.Scenario,
        TwoKeys.Scenario,
        HoldGet.Scenario,
        RenewRenewPause.Scenario,
        Scenarios.Clients.Dispose.Scenario,
        DisposeApply.Scenario,
        ApplyApply.Scenario,
        ApplySecret.Scenario,
        RotationJoiners.Scenario,
        SlowFetchJoiners.Scenario,
        EarlyFinder.Scenario,
        FailingFetch.Scenario,
        FailingRotation.Scenario,
        Scenarios.Keys.Dispose.Scenario,
        FlightJoin.Scenario,
        EvictSearch.Scenario,
        EvictClient.Scenario,
        EvictRefresh.Scenario,
        EvictRecall.Scenario,
        EvictShared.Scenario,
        EvictSharedRead.Scenario,
        ReloadVerify.Scenario,
        ReloadDispose.Scenario,
        StoreSetRemove.Scenario,
        PausePause.Scenario,
        GateEnterLeave.Scenario,
        RefreshOnce.Scenario,
    ];
}
