namespace Spid.Client.Tokens;

/// <summary>
/// Gives the entry of one request of one client, found once and again only after the options changed. A provider of the application's
/// own is asked each time instead.
/// </summary>
internal sealed class TokenSource(ISpidTokenProvider provider, TokenRequest? request)
{
    private readonly TokenClient? _client = provider as TokenClient;
    private TokenEntry? _entry;

    public ITokenEntry Entry => _client is null ? new ProvidedToken(provider, request) : FindEntry(_client);

    public TimeProvider TimeProvider => _client?.Cache.Parts.TimeProvider ?? TimeProvider.System;

    /// <summary>Gets the entry for a single call that asks for something else.</summary>
    public ITokenEntry For(TokenRequest overrides)
    {
        TokenRequest wanted = request is null ? overrides : overrides.WithDefaults(request);
        return _client is null ? new ProvidedToken(provider, wanted) : _client.Cache.Get(wanted);
    }

    private TokenEntry FindEntry(TokenClient client)
    {
        TokenCache cache = client.Cache;
        TokenEntry? entry = Volatile.Read(ref _entry);
        if (entry is null || !ReferenceEquals(entry.Cache, cache))
        {
            entry = request is null ? cache.Default : cache.Hold(request);
            Volatile.Write(ref _entry, entry);
        }

        return entry;
    }
}
