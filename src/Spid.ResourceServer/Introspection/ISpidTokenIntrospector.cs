using Spid.Client;

namespace Spid.ResourceServer.Introspection;

/// <summary>Asks SPiD about tokens (RFC 7662). The service of dependency injection; keyed by name for named verifiers.</summary>
/// <remarks>Safe for use from several threads. No policy, no cache: to protect a service use <see cref="Verification.ISpidTokenVerifier"/>.</remarks>
public interface ISpidTokenIntrospector
{
    /// <summary>Introspects a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What SPiD says. It decides nothing: audience, issuer, scopes and times are for the caller to check.</returns>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    /// <exception cref="InvalidOperationException">No credentials are configured.</exception>
    /// <exception cref="SpidException">
    /// SPiD could not be reached (<see cref="SpidErrorKind.Transient"/>), asks for a pause (<see cref="SpidErrorKind.Throttled"/>), refused the credentials
    /// (<see cref="SpidErrorKind.Configuration"/>), or gave no usable answer about this token (<see cref="SpidErrorKind.Protocol"/>).
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    Task<SpidIntrospectionResult> IntrospectAsync(string token, CancellationToken cancellationToken = default);
}
