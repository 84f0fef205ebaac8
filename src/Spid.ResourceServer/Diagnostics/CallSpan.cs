using System.Diagnostics;

namespace Spid.ResourceServer.Diagnostics;

/// <summary>The span around a call or a check. What its listeners throw does not change the verdict.</summary>
internal readonly struct CallSpan(Activity? activity) : IDisposable
{
    public void SetOutcome(string outcome) => activity?.SetTag(SpidVerificationDiagnostics.OutcomeTag, outcome);

    public void SetStatus(ActivityStatusCode status) => activity?.SetStatus(status);

    public void Dispose() => ForeignCode.Tell(activity, static activity => activity?.Dispose());
}
