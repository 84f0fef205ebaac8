using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>
/// The verifier of a name, made anew when its options change: nothing that was found out under the old ones is used under the new
/// ones. Options that are invalid when they change never get here, for the platform validates them first, and the verifier stays as it is.
/// </summary>
internal sealed class ReloadingVerifier : ISpidTokenVerifier, ISpidTokenIntrospector, IDisposable
{
    private readonly string _name;
    private readonly Func<SpidVerificationOptions> _getOptions;
    private readonly Func<VerifierSettings, SpidTokenVerifier> _create;
    private readonly VerifierParts _parts;
    private readonly Lock _gate = new();
    private readonly IDisposable? _subscription;
    private SpidTokenVerifier _current;
    private bool _isDisposed;

    public ReloadingVerifier(
        string name,
        Func<SpidVerificationOptions> getOptions,
        Func<VerifierSettings, SpidTokenVerifier> create,
        Func<Action, IDisposable?> subscribe,
        VerifierParts parts)
    {
        _name = name;
        _getOptions = getOptions;
        _create = create;
        _parts = parts;
        _current = create(VerifierSettings.From(name, getOptions()));
        _subscription = subscribe(Follow);

        // A change between the first look at the options and the subscription would be missed.
        Follow();
    }

    public SpidTokenVerifier Current => Volatile.Read(ref _current);

    public ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken) =>
        Current.VerifyAsync(token, cancellationToken);

    public ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, SpidTokenRequirements? requirements = null, CancellationToken cancellationToken = default) =>
        Current.VerifyAsync(token, requirements, cancellationToken);

    public ValueTask EvictAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken = default) => Current.EvictAsync(token, cancellationToken);

    public ValueTask EvictClientAsync(string clientId, CancellationToken cancellationToken = default) => Current.EvictClientAsync(clientId, cancellationToken);

    public Task<SpidIntrospectionResult> IntrospectAsync(string token, CancellationToken cancellationToken = default) =>
        Current.Introspection.IntrospectAsync(token, cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            // The container disposes of it once for each service that it stands for.
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _subscription?.Dispose();
        Current.Dispose();
        _parts.Telemetry.Dispose();
    }

    /// <summary>News of two changes may overtake each other, so what the news says is not used but what the options are by then.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            var settings = VerifierSettings.From(_name, _getOptions());
            if (settings.IsSameAs(_current.Settings))
            {
                return;
            }

            SpidTokenVerifier old = _current;
            Volatile.Write(ref _current, _create(settings));
            old.Retire();
            Log.OptionsChanged(_parts.Logger, _name);
        }
    }
}
