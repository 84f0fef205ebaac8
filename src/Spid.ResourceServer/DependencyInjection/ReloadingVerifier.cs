using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>
/// The verifier of a name, recreated when its options change: what was found out about tokens under the old ones is not used under the new
/// ones, and what was learned of SPiD is. When changed options are invalid, the verifier stays as it is.
/// </summary>
internal sealed class ReloadingVerifier : ISpidTokenVerifier, ISpidTokenIntrospector, IDisposable
{
    private readonly string _name;
    private readonly Func<VerifierSettings, SpidTokenVerifier?, SpidTokenVerifier> _create;
    private readonly VerifierParts _parts;
    private readonly Lock _gate = new();
    private readonly OptionsFollower<SpidVerificationOptions> _follower;
    private SpidTokenVerifier _current;
    private bool _isDisposed;

    public ReloadingVerifier(
        string name,
        Func<SpidVerificationOptions> getOptions,
        Func<VerifierSettings, SpidTokenVerifier?, SpidTokenVerifier> create,
        Func<Action, IDisposable?> subscribe,
        VerifierParts parts,
        string? owner = null)
    {
        _name = name;
        _create = create;
        _parts = parts;
        _current = create(VerifierSettings.From(name, getOptions()), null);
        _follower = new OptionsFollower<SpidVerificationOptions>(getOptions, Apply, errors => Log.OptionsRefused(parts.Logger, owner ?? name, errors));
        _follower.Start(subscribe);
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

        _follower.Dispose();
        Current.Dispose();
        _parts.Telemetry.Dispose();
    }

    private void Apply(SpidVerificationOptions options)
    {
        var settings = VerifierSettings.From(_name, options);
        if (settings.IsSameAs(Current.Settings))
        {
            return;
        }

        SpidTokenVerifier changed = _create(settings, Current);
        SpidTokenVerifier old;
        lock (_gate)
        {
            if (_isDisposed)
            {
                changed.Dispose();
                return;
            }

            old = _current;
            Volatile.Write(ref _current, changed);
        }

        old.Retire(changed);
        Log.OptionsChanged(_parts.Logger, _name);
    }
}
