namespace Spid.AspNetCore.Authentication;

/// <summary>What a request has where a token could be.</summary>
internal enum BearerHeaderKind
{
    /// <summary>Nothing for this scheme.</summary>
    None,

    /// <summary>Something, well-formed or not.</summary>
    Token,

    /// <summary>More than one.</summary>
    Ambiguous,
}
