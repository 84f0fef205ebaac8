namespace Spid.ResourceServer.Introspection;

/// <summary>A call was not made. Never leaves <see cref="IntrospectionClient"/>.</summary>
internal sealed class IntrospectionRejectedException(SpidVerificationReason reason, TimeSpan? retryAfter) : Exception(
    reason == SpidVerificationReason.TooManyCalls
        ? "Too many introspections are under way: see Introspection.MaximumConcurrency and Introspection.MaximumQueue."
        : "The introspection endpoint keeps failing and is left alone for a while.")
{
    public SpidVerificationReason Reason { get; } = reason;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
