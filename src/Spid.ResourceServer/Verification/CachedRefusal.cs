namespace Spid.ResourceServer.Verification;

/// <summary>A token that cannot become good within a few seconds, and until when that is remembered.</summary>
internal sealed record CachedRefusal(SpidVerificationReason Reason, long Until);
