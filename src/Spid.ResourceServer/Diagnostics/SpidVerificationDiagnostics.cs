namespace Spid.ResourceServer.Diagnostics;

/// <summary>Names the telemetry that Spid.ResourceServer emits. The names are part of the public contract.</summary>
/// <remarks>Tags have few values. None holds a token, secret, scope, subject or URL.</remarks>
public static class SpidVerificationDiagnostics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Spid.ResourceServer";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Spid.ResourceServer";

    /// <summary>The name of the <see cref="HttpClient"/> that talks to SPiD, followed by <c>:name</c> for a named verifier.</summary>
    public const string BackchannelName = "Spid.ResourceServer";

    /// <summary>Counts verified tokens. Tags: verifier, mode, outcome, reason, cache.</summary>
    public const string Verifications = "spid.token.verifications";

    /// <summary>Measures seconds that introspection calls took. Tags: verifier, outcome.</summary>
    public const string IntrospectionDuration = "spid.introspection.duration";

    /// <summary>Counts introspection calls that were not made. Tags: verifier, cause (<c>bulkhead</c> or <c>breaker</c>).</summary>
    public const string IntrospectionRejected = "spid.introspection.rejected";

    /// <summary>Observes the number of tokens held. Tags: verifier, store (<c>positive</c> or <c>negative</c>).</summary>
    public const string CacheEntries = "spid.cache.entries";

    /// <summary>Observes the age of the key set in seconds. Tag: verifier.</summary>
    public const string KeySetAge = "spid.jwks.age";

    /// <summary>Counts fetches of the key set. Tags: verifier, cause (<c>first</c>, <c>age</c>, <c>unknown_key</c>, <c>warm_up</c>), result (<c>success</c>, <c>failure</c>).</summary>
    public const string KeySetRefreshes = "spid.jwks.refreshes";

    /// <summary>The tag that holds the name of the verifier, which is that of the authentication scheme in ASP.NET Core.</summary>
    public const string VerifierTag = "spid.verifier.name";

    /// <summary>The tag that holds the mode: <c>auto</c>, <c>remote</c> or <c>local</c>.</summary>
    public const string ModeTag = "spid.mode";

    /// <summary>The tag that holds the outcome: <c>accepted</c>, <c>rejected</c>, <c>forbidden</c> or <c>unavailable</c>; for a call <c>active</c>, <c>inactive</c>, <c>cancelled</c> or the error kind; for a signature <c>good</c> or <c>bad</c>.</summary>
    public const string OutcomeTag = "spid.outcome";

    /// <summary>The tag that holds the <see cref="SpidVerificationReason"/> in lower case with underscores.</summary>
    public const string ReasonTag = "spid.reason";

    /// <summary>The tag that holds <c>hit</c>, <c>miss</c> or <c>joined</c>.</summary>
    public const string CacheTag = "spid.cache";

    /// <summary>The tag that holds <c>positive</c> or <c>negative</c>.</summary>
    public const string StoreTag = "spid.store";

    /// <summary>The tag that holds what set off a fetch, or why a call was not made.</summary>
    public const string CauseTag = "spid.cause";

    /// <summary>The tag that holds the outcome of a fetch.</summary>
    public const string ResultTag = "spid.result";
}
