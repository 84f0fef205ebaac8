namespace Spid.Client.Tokens;

/// <summary>Gives server tokens from a cache that renews them ahead of time. Registered by <c>AddSpidClientCredentials</c>; named clients are keyed services.</summary>
/// <remarks>Thread-safe. Any number of callers waiting for the same token share one request to SPiD, and none of them can cancel it for the others.</remarks>
public interface ISpidTokenProvider
{
    /// <summary>Gets the token that the client's options describe. Completes synchronously and allocates nothing when it is cached.</summary>
    /// <param name="cancellationToken">Ends this caller's waiting; the shared request goes on.</param>
    /// <returns>A token that is valid now.</returns>
    /// <exception cref="SpidException">No token can be had.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled while waiting.</exception>
    ValueTask<ServerToken> GetTokenAsync(CancellationToken cancellationToken = default);

    /// <summary>Gets a token for another scope, resource or set of parameters than the client's options describe.</summary>
    /// <param name="request">What is wanted; what it leaves out comes from the client's options.</param>
    /// <param name="cancellationToken">Ends this caller's waiting; the shared request goes on.</param>
    /// <returns>A token that is valid now.</returns>
    /// <exception cref="SpidException">No token can be had.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled while waiting.</exception>
    ValueTask<ServerToken> GetTokenAsync(TokenRequest request, CancellationToken cancellationToken = default);

    /// <summary>Replaces a token that an API refused with HTTP 401. When the cache already holds another one, that is returned at once.</summary>
    /// <param name="rejected">The token that was refused, as this provider gave it.</param>
    /// <param name="cancellationToken">Ends this caller's waiting; the shared request goes on.</param>
    /// <returns>Another token, or <see langword="null"/> when a renewed token was refused as well and renewing is paused for a while: do not try again.</returns>
    /// <exception cref="SpidException">No token can be had.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled while waiting.</exception>
    ValueTask<ServerToken?> RenewTokenAsync(ServerToken rejected, CancellationToken cancellationToken = default);
}
