using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Spid.Wire;

/// <summary>
/// The monitor of one of our types of options. The platform's removes the old options before it validates the new ones, and throws the
/// failure at the caller of Reload, which is most often a timer. This one keeps the last valid options, reports why others are
/// refused, and uses those that are valid again.
/// </summary>
/// <typeparam name="TOptions">The type of the options.</typeparam>
internal sealed class ReloadableOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : IOptionsMonitor<TOptions>, IDisposable
    where TOptions : class
{
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly IOptionsMonitorCache<TOptions> _cache;
    private readonly Action<string, string> _report;
    private readonly IDisposable[] _subscriptions;
    private readonly ConcurrentDictionary<string, SerialAction> _updates = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Action<TOptions, string?>? _listeners;
    private bool _isDisposed;

    /// <param name="factory">Creates and validates options.</param>
    /// <param name="sources">Tell when options of a name have changed.</param>
    /// <param name="cache">Keeps the valid options of each name.</param>
    /// <param name="report">Receives whose options were refused, and why.</param>
    public ReloadableOptions(
        IOptionsFactory<TOptions> factory, IEnumerable<IOptionsChangeTokenSource<TOptions>> sources, IOptionsMonitorCache<TOptions> cache, Action<string, string> report)
    {
        _factory = factory;
        _cache = cache;
        _report = report;
        _subscriptions = [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, Update, source.Name ?? Options.DefaultName))];
    }

    public TOptions CurrentValue => Get(Options.DefaultName);

    public TOptions Get(string? name)
    {
        name ??= Options.DefaultName;
        try
        {
            return _cache.GetOrAdd(name, () => _factory.Create(name));
        }
        catch
        {
            // The platform's cache keeps a failure; what was invalid at first may be valid by the next call.
            _cache.TryRemove(name);
            throw;
        }
    }

    public IDisposable OnChange(Action<TOptions, string?> listener)
    {
        lock (_gate)
        {
            _listeners += listener;
        }

        return new Subscription(() =>
        {
            lock (_gate)
            {
                _listeners -= listener;
            }
        });
    }

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (IDisposable subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Update(string name) => _updates.GetOrAdd(name, CreateUpdate).Run();

    private SerialAction CreateUpdate(string name)
    {
        var refused = new RefusedOptions(errors => _report(OptionsOwner.Describe(typeof(TOptions), name), errors));
        return new SerialAction(() => Update(name, refused));
    }

    private void Update(string name, RefusedOptions refused)
    {
        if (Volatile.Read(ref _isDisposed))
        {
            return;
        }

        TOptions created;
        try
        {
            created = _factory.Create(name);
        }
        catch (Exception exception)
        {
            if (!Volatile.Read(ref _isDisposed))
            {
                refused.Report(exception);
            }

            return;
        }

        refused.Clear();
        _cache.TryRemove(name);
        TellListeners(_cache.GetOrAdd(name, () => created), name);
    }

    /// <summary>A listener of the application that throws keeps the change from no other one.</summary>
    private void TellListeners(TOptions options, string name)
    {
        foreach (Action<TOptions, string?> listener in Delegate.EnumerateInvocationList(Volatile.Read(ref _listeners)))
        {
            ForeignCode.Tell((listener, options, name), static call => call.listener(call.options, call.name));
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
