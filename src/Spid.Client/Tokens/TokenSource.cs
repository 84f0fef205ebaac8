using System.Diagnostics.CodeAnalysis;

namespace Spid.Client.Tokens;

/// <summary>
/// Gives the entry of one request of one client, found once and again only after the options changed. Holds it in the cache until it is
/// disposed. A provider of the application's own is asked each time instead.
/// </summary>
internal sealed class TokenSource(ISpidTokenProvider provider, TokenRequest? request) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TokenClient? _client = provider as TokenClient;
    private TokenEntry? _entry;
    private bool _isDisposed;

    public ITokenEntry Entry => _client is null ? new ProvidedToken(provider, request) : FindEntry(_client.Cache);

    /// <summary>Gets a value indicating whether the tokens come from a client of this library.</summary>
    public bool IsOwn => _client is not null;

    public TimeProvider TimeProvider => _client?.Cache.Parts.TimeProvider ?? TimeProvider.System;

    /// <summary>Gets a token that needs no waiting. The hit path: it asks the entry itself and not by way of the interface.</summary>
    public bool TryGet([NotNullWhen(true)] out ServerToken? token)
    {
        token = null;
        return _client is not null && FindEntry(_client.Cache).TryGet(out token);
    }

    /// <summary>Gets the entry for a single call that asks for something else.</summary>
    public ITokenEntry For(TokenRequest overrides)
    {
        TokenRequest wanted = request is null ? overrides : overrides.WithDefaults(request);
        return _client is null ? new ProvidedToken(provider, wanted) : _client.Cache.Get(wanted);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Release();
        }
    }

    private TokenEntry FindEntry(TokenCache cache)
    {
        TokenEntry? entry = Volatile.Read(ref _entry);
        return entry is null || !ReferenceEquals(entry.Cache, cache) ? Find(cache) : entry;
    }

    private TokenEntry Find(TokenCache cache)
    {
        if (request is null)
        {
            Volatile.Write(ref _entry, cache.Default);
            return cache.Default;
        }

        lock (_gate)
        {
            if (_isDisposed)
            {
                // A request of a handler that was disposed meanwhile, such as the repetition after a 401.
                return cache.Get(request);
            }

            if (_entry is null || !ReferenceEquals(_entry.Cache, cache))
            {
                Release();
                Volatile.Write(ref _entry, cache.Hold(request));
            }

            return _entry;
        }
    }

    private void Release()
    {
        if (request is not null && _entry is { } held)
        {
            held.Cache.Release(held);
            Volatile.Write(ref _entry, null);
        }
    }
}
