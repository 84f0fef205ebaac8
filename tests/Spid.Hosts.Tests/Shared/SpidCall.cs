namespace Spid.Hosts.Tests.Shared;

/// <summary>The calls to SPiD that carry a secret or a token, or fetch what tokens are trusted by.</summary>
internal enum SpidCall
{
    Token,
    Registration,
    Introspection,
    KeySet,
    LookUp,
}
