using System.Diagnostics.CodeAnalysis;

namespace Spid.Client.Tokens;

/// <summary>The token of one request from a provider that the application put in the place of ours, or around it.</summary>
/// <param name="provider">The provider.</param>
/// <param name="request">What is wanted, or <see langword="null"/> for what the provider gives without being told.</param>
internal sealed class ProvidedToken(ISpidTokenProvider provider, TokenRequest? request) : ITokenEntry
{
    /// <summary>Whether the provider has to wait shows only when it is asked.</summary>
    public bool TryGet([NotNullWhen(true)] out ServerToken? token)
    {
        token = null;
        return false;
    }

    public async ValueTask<ServerToken> GetAsync(CancellationToken cancellationToken)
    {
        ServerToken? token = request is null
            ? await provider.GetTokenAsync(cancellationToken).ConfigureAwait(false)
            : await provider.GetTokenAsync(request, cancellationToken).ConfigureAwait(false);

        // No request leaves without its token.
        return token ?? throw new SpidException(SpidErrorKind.Configuration, $"{provider.GetType().Name}.GetTokenAsync gave null in the place of a token.");
    }

    /// <summary>The same token once more is nothing to try again with.</summary>
    public async ValueTask<ServerToken?> RenewAsync(ServerToken rejected, CancellationToken cancellationToken)
    {
        ServerToken? renewed = await provider.RenewTokenAsync(rejected, cancellationToken).ConfigureAwait(false);
        return renewed?.AccessToken == rejected.AccessToken ? null : renewed;
    }
}
