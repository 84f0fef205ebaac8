using Spid.Schedules.Scenarios.Clients;
using Spid.Schedules.Scenarios.Tokens;

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
        Dispose.Scenario,
        DisposeApply.Scenario,
        ApplyApply.Scenario,
    ];
}
