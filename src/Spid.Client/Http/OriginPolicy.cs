namespace Spid.Client.Http;

/// <summary>Knows at each moment which origins may receive the token. Thread-safe.</summary>
internal sealed class OriginPolicy
{
    private readonly Func<Uri?> _findBaseAddress;
    private AllowedOrigins _listed;
    private AllowedOrigins? _current;
    private Uri[] _baseAddresses = [];

    /// <param name="options">The options, copied here.</param>
    /// <param name="findBaseAddress">Asks the application's own code for the address of the client.</param>
    /// <param name="clientName">The name of the client, for messages.</param>
    /// <param name="isGuarded">Whether an <see cref="OriginGuard"/> sees the addresses that requests really go to.</param>
    public OriginPolicy(SpidTokenHandlerOptions options, Func<Uri?> findBaseAddress, string clientName, bool isGuarded)
    {
        _listed = new AllowedOrigins(options, clientName, isGuarded);
        _findBaseAddress = findBaseAddress;
    }

    /// <summary>
    /// Gets the origins of the moment. The base address is asked for by the first request, because the application's own code tells
    /// it and what that throws concerns this request alone.
    /// </summary>
    public AllowedOrigins Current => Volatile.Read(ref _current) ?? Ask(_listed);

    /// <summary>Takes over the base addresses from the policy of earlier options of the handler. To be called before the first request.</summary>
    public void Inherit(OriginPolicy earlier)
    {
        _baseAddresses = Volatile.Read(ref earlier._baseAddresses);
        _listed = _baseAddresses.Aggregate(_listed, static (origins, address) => origins.With(address));
    }

    /// <exception cref="SpidException">A request to the URI must not carry a token.</exception>
    public void ThrowIfForbidden(Uri? uri)
    {
        AllowedOrigins origins = Current;
        if (!origins.Allows(uri) && Ask(origins) is var asked && !asked.Allows(uri))
        {
            throw asked.Refuse(uri);
        }
    }

    /// <summary>
    /// Asks for the base address once more: configuration may have changed it since. Earlier ones stay, for clients that were made
    /// with them may still be in use.
    /// </summary>
    private AllowedOrigins Ask(AllowedOrigins known)
    {
        Uri? baseAddress = _findBaseAddress();
        AllowedOrigins asked = known.With(baseAddress);
        if (asked != known)
        {
            Volatile.Write(ref _baseAddresses, [.. _baseAddresses, baseAddress!]);
        }

        Volatile.Write(ref _current, asked);
        return asked;
    }
}
