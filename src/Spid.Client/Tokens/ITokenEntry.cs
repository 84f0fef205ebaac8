using System.Diagnostics.CodeAnalysis;

namespace Spid.Client.Tokens;

/// <summary>Gives the token of one request, again and again.</summary>
internal interface ITokenEntry
{
    /// <summary>Gets a token that needs no waiting.</summary>
    bool TryGet([NotNullWhen(true)] out ServerToken? token);

    ValueTask<ServerToken> GetAsync(CancellationToken cancellationToken);

    /// <summary>Replaces a token that was refused; <see langword="null"/> while renewing is paused.</summary>
    ValueTask<ServerToken?> RenewAsync(ServerToken rejected, CancellationToken cancellationToken);
}
