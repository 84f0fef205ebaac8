using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Introspection;

/// <summary>The outcome of a call: an answer, or why there is none.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Reason">Why there is none; one of the reasons for <see cref="SpidVerificationStatus.Unavailable"/>.</param>
/// <param name="RetryAfter">When to ask again, if that is known.</param>
/// <param name="ConcernsToken">Whether the reason concerns this token only, so that it may be remembered for it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntrospectionOutcome(SpidIntrospectionResult? Answer, SpidVerificationReason Reason, TimeSpan? RetryAfter, bool ConcernsToken = false);
