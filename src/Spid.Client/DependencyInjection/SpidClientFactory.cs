using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Creates and keeps the clients of names that are known only at run time.</summary>
internal sealed class SpidClientFactory(
    IServiceProvider provider, SpidClientRegistry registry, IOptionsFactory<SpidClientOptions> options, RuntimeClients settings) : ISpidClientFactory, IDisposable
{
    private readonly ConcurrentDictionary<string, Slot> _clients = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly MonotonicClock _clock = new(provider.GetService<TimeProvider>() ?? TimeProvider.System);
    private readonly TokenClientParts _parts = ClientFactory.CreateSharedParts(provider);
    private long _reloads;
    private bool _isDisposed;

    public TokenClient GetClient(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        if (registry.HasClient(name))
        {
            return provider.GetRequiredKeyedService<TokenClient>(name);
        }

        Slot slot = _clients.TryGetValue(name, out Slot? existing) ? existing : Add(name);
        slot.UsedAt = _clock.Now;
        return slot.Client;
    }

    public void Reload(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        long reload = Interlocked.Increment(ref _reloads);
        if (_clients.TryGetValue(name, out Slot? slot))
        {
            slot.Apply(options.Create(name), reload);
        }
    }

    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool isRemoved = _clients.TryRemove(name, out Slot? slot);
        slot?.Client.Dispose();
        return isRemoved;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        foreach (string name in _clients.Keys)
        {
            Remove(name);
        }

        _parts.Telemetry!.Dispose();
    }

    private TokenClient Create(string name)
    {
        SpidClientOptions created = options.Create(name);
        var client = new TokenClient(name, created, _parts, owned: null);
        if (created.AllowPlainHttp)
        {
            Log.PlainHttpToSpidAllowed(_parts.Logger, name, Failures.NameOf(client.Cache.Settings.TokenEndpoint));
        }

        return client;
    }

    private Slot Add(string name)
    {
        long before = Interlocked.Read(ref _reloads);
        Slot slot = Add(name, Create(name));
        if (Interlocked.Read(ref _reloads) != before)
        {
            // The options may have been read before a reload, which did not find this client yet.
            Reload(name);
        }

        return slot;
    }

    /// <summary>
    /// Keeps a client, unless another thread was first. These clients own nothing that must be released, so one that is given up is left to
    /// the garbage collector: its requests under way end as they would have.
    /// </summary>
    private Slot Add(string name, TokenClient client)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Slot slot = _clients.GetOrAdd(name, new Slot(client, _clock.Now));
            if (_clients.Count > settings.MaximumClients && FindLeastRecentlyUsed(slot) is { } oldest)
            {
                _clients.TryRemove(oldest, out _);
            }

            return slot;
        }
    }

    private string? FindLeastRecentlyUsed(Slot newcomer) =>
        _clients.Where(pair => pair.Value != newcomer).OrderBy(pair => pair.Value.UsedAt).Select(pair => pair.Key).FirstOrDefault();

    private sealed class Slot(TokenClient client, long usedAt)
    {
        private readonly Lock _gate = new();
        private long _usedAt = usedAt;
        private long _applied;

        public TokenClient Client { get; } = client;

        public long UsedAt
        {
            get => Volatile.Read(ref _usedAt);
            set => Volatile.Write(ref _usedAt, value);
        }

        /// <summary>Applies options, unless a later reload has applied what it read.</summary>
        public void Apply(SpidClientOptions options, long reload)
        {
            lock (_gate)
            {
                if (reload > _applied)
                {
                    Client.Apply(options);
                    _applied = reload;
                }
            }
        }
    }
}
