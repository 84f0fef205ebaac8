namespace Spid.Client.Tokens;

/// <summary>Gives the entry of one request of one client, found once and again only after the options changed.</summary>
internal sealed class TokenSource(TokenClient client, TokenRequest? request)
{
    private TokenEntry? _entry;

    public TokenEntry Entry
    {
        get
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

    public TimeProvider TimeProvider => client.Cache.Parts.TimeProvider;

    /// <summary>Gets the entry for a single call that asks for something else.</summary>
    public TokenEntry For(TokenRequest overrides) => client.Cache.Get(request is null ? overrides : overrides.WithDefaults(request));
}
