namespace Spid.ResourceServer.Verification;

/// <summary>Who can say whether a token is real.</summary>
internal enum Route
{
    /// <summary>None: the token is refused for its form.</summary>
    Refuse,

    /// <summary>This machine, by the signature.</summary>
    Local,

    /// <summary>SPiD, by introspection.</summary>
    Remote,

    /// <summary>SPiD, by a look-up, for it is no JWT.</summary>
    LookUp,
}
