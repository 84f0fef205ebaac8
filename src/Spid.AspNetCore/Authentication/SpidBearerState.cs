using Spid.ResourceServer;

namespace Spid.AspNetCore.Authentication;

/// <summary>What is known of the caller of one request; a scoped service, so that endpoints and authorization find it without the handler.</summary>
internal sealed class SpidBearerState
{
    private HashSet<string>? _missingScopes;

    public VerifiedToken? Token { get; set; }

    /// <summary>Gets or sets what came of the token that was looked at last.</summary>
    public SpidVerificationResult? Result { get; set; }

    /// <summary>Gets the scopes that policies asked for and the token lacks, each once, in the order of the policies.</summary>
    public IReadOnlyCollection<string> MissingScopes => _missingScopes is null ? [] : _missingScopes;

    public void NoteMissing(IReadOnlyCollection<string> scopes)
    {
        _missingScopes ??= new HashSet<string>(StringComparer.Ordinal);
        _missingScopes.UnionWith(scopes);
    }
}
