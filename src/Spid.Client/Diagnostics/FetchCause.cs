using System.Diagnostics;

namespace Spid.Client.Diagnostics;

/// <summary>What set off a request for a token.</summary>
/// <param name="Reason">Why it is requested.</param>
/// <param name="SingleAttempt">Whether the endpoint has been failing, so that one attempt finds out whether it is back.</param>
/// <param name="Starter">The span of the caller that started it, to link to.</param>
internal readonly record struct FetchCause(FetchReason Reason, bool SingleAttempt, ActivityContext Starter);
