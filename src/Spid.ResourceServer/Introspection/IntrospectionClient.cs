using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Calls the introspection endpoint within bounds: one timeout, a limit of calls under way, a circuit breaker, and no retries.</summary>
internal sealed class IntrospectionClient(VerifierSettings settings, VerifierParts parts) : ISpidTokenIntrospector, IDisposable
{
    public IntrospectionStatus Status => throw new NotImplementedException();

    /// <summary>Asks for a verifier: whatever goes wrong is an outcome. The token is not empty.</summary>
    public Task<IntrospectionOutcome> TryIntrospectAsync(string token, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<SpidIntrospectionResult> IntrospectAsync(string token, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
