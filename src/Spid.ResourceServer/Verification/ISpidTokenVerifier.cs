namespace Spid.ResourceServer.Verification;

/// <summary>Verifies access tokens of SPiD. The service of dependency injection; keyed by name for named verifiers.</summary>
/// <remarks>Safe for use from several threads. A token seen before costs no call, no signature and no allocation.</remarks>
public interface ISpidTokenVerifier
{
    /// <summary>Verifies a token: that it is real, alive, an access token, by the right issuer, and meant for this service.</summary>
    /// <param name="token">The token, without <c>Bearer</c>.</param>
    /// <param name="cancellationToken">Ends the wait of this caller; a call to SPiD that others share goes on.</param>
    /// <returns>The result. Invalid tokens, outages and malformed answers are reported as results and never thrown.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    /// <exception cref="ObjectDisposedException">The verifier was disposed.</exception>
    ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken);

    /// <summary>Verifies a token as <see cref="VerifyAsync(ReadOnlyMemory{char}, CancellationToken)"/> does, and what one operation asks of it.</summary>
    /// <param name="token">The token, without <c>Bearer</c>.</param>
    /// <param name="requirements">What the operation asks; nothing by default.</param>
    /// <param name="cancellationToken">Ends the wait of this caller.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    /// <exception cref="ObjectDisposedException">The verifier was disposed.</exception>
    ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, SpidTokenRequirements? requirements = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is known of a token, also what a call under way is about to find out, so that the next request verifies it again.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the attempt to remove it from a distributed cache.</param>
    /// <returns>A task that ends when it is forgotten.</returns>
    /// <exception cref="InvalidOperationException">The distributed cache failed, so other processes may still accept it; this one has forgotten it.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up waiting for the distributed cache; this process has forgotten it.</exception>
    ValueTask EvictAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is known of all tokens of a client.</summary>
    /// <param name="clientId">The client id.</param>
    /// <param name="cancellationToken">Ends the attempt to remove them from a distributed cache.</param>
    /// <returns>A task that ends when they are forgotten.</returns>
    /// <exception cref="InvalidOperationException">The distributed cache failed, so other processes may still accept them; this one has forgotten them.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up waiting for the distributed cache; this process has forgotten them.</exception>
    ValueTask EvictClientAsync(string clientId, CancellationToken cancellationToken = default);
}
