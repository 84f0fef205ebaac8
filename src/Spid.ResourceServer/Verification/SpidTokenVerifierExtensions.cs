namespace Spid.ResourceServer.Verification;

/// <summary>Takes tokens as the text that they mostly are.</summary>
public static class SpidTokenVerifierExtensions
{
    /// <inheritdoc cref="ISpidTokenVerifier.VerifyAsync(ReadOnlyMemory{char}, CancellationToken)"/>
    /// <param name="verifier">The verifier.</param>
    /// <param name="token">The token, without the word Bearer; <see langword="null"/>, as where a message has none, is rejected as malformed.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller; a search that others share goes on.</param>
    public static ValueTask<SpidVerificationResult> VerifyAsync(this ISpidTokenVerifier verifier, string? token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        return verifier.VerifyAsync(token.AsMemory(), cancellationToken);
    }

    /// <inheritdoc cref="ISpidTokenVerifier.VerifyAsync(ReadOnlyMemory{char}, SpidTokenRequirements, CancellationToken)"/>
    /// <param name="verifier">The verifier.</param>
    /// <param name="token">The token, without the word Bearer; <see langword="null"/>, as where a message has none, is rejected as malformed.</param>
    /// <param name="requirements">What else it has to have, scopes among others: without them no scope is asked for.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller; a search that others share goes on.</param>
    public static ValueTask<SpidVerificationResult> VerifyAsync(
        this ISpidTokenVerifier verifier, string? token, SpidTokenRequirements requirements, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        return verifier.VerifyAsync(token.AsMemory(), requirements, cancellationToken);
    }

    /// <inheritdoc cref="ISpidTokenVerifier.EvictAsync"/>
    /// <param name="verifier">The verifier.</param>
    /// <param name="token">The token, without the word Bearer.</param>
    /// <param name="cancellationToken">Cancels what is done to a shared store.</param>
    public static ValueTask EvictAsync(this ISpidTokenVerifier verifier, string token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(token);
        return verifier.EvictAsync(token.AsMemory(), cancellationToken);
    }
}
