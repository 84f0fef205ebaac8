namespace Spid.ResourceServer;

/// <summary>Says how it is known what a token says.</summary>
public enum SpidTokenSource
{
    /// <summary>SPiD was asked for this request.</summary>
    Introspected = 0,

    /// <summary>The signature was verified for this request.</summary>
    LocalSignature = 1,

    /// <summary>An earlier request found it out, in this process or, with <see cref="SpidVerificationCacheOptions.Distributed"/>, in another.</summary>
    Cached = 2,
}
