using System.Runtime.InteropServices;
using Spid.Client;

namespace Spid.ResourceServer.Introspection;

/// <summary>The outcome of a call that was made or not: an answer, or why there is none. A value and no exception, so that an outage costs next to nothing.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Reason">Why there is none; one of the reasons for <see cref="SpidVerificationStatus.Unavailable"/>.</param>
/// <param name="RetryAfter">When to ask again, if that is known.</param>
/// <param name="ConcernsToken">Whether the reason concerns this token only, so that it may be remembered for it.</param>
/// <param name="Error">The failure, now or lately; <see langword="null"/> when the call was not made for another reason.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntrospectionOutcome(
    SpidIntrospectionResult? Answer, SpidVerificationReason Reason, TimeSpan? RetryAfter, bool ConcernsToken = false, SpidException? Error = null)
{
    public static IntrospectionOutcome Of(TokenStatusAnswer answer, TimeSpan refusedFor) => answer.Result is { } result
        ? new(result, SpidVerificationReason.None, null)
        : new(null, SpidVerificationReason.IntrospectionFailed, refusedFor, ConcernsToken: true, answer.Fault);

    public static IntrospectionOutcome Failed(SpidException error, TimeSpan? retryAfter) => new(null, ReasonOf(error.Kind), retryAfter, Error: error);

    /// <summary>Says that the call was not made, to spare the endpoint or this process.</summary>
    public static IntrospectionOutcome NotAsked(SpidVerificationReason reason, TimeSpan? retryAfter = null) => new(null, reason, retryAfter);

    /// <summary>Gives the exception for a caller that expects one. Each has its own: that of a pause is shared.</summary>
    public SpidException ToException() => Error is { } error
        ? new(error.Kind, error.Message, error.InnerException, error.SpidStatusCode) { OAuthError = error.OAuthError, RetryAfter = ConcernsToken ? error.RetryAfter : RetryAfter }
        : new(SpidErrorKind.Transient, Explain(Reason)) { RetryAfter = RetryAfter };

    private static SpidVerificationReason ReasonOf(SpidErrorKind kind) => kind switch
    {
        SpidErrorKind.Configuration => SpidVerificationReason.CredentialsRefused,
        SpidErrorKind.Throttled => SpidVerificationReason.Throttled,
        _ => SpidVerificationReason.IntrospectionFailed,
    };

    private static string Explain(SpidVerificationReason reason) => reason == SpidVerificationReason.TooManyCalls
        ? "Too many introspections are under way: see Introspection.MaximumConcurrency and Introspection.MaximumQueue."
        : "The introspection endpoint keeps failing and is left alone for a while.";
}
