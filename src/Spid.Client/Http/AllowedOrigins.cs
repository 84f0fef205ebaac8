namespace Spid.Client.Http;

/// <summary>Decides whether a request may carry a token. Immutable.</summary>
internal sealed class AllowedOrigins
{
    private readonly Origin[] _origins;
    private readonly bool _anyHttps;
    private readonly bool _allowsPlainHttp;
    private readonly bool _isGuarded;
    private readonly string _clientName;
    private readonly bool _hasServiceNames;

    public AllowedOrigins(SpidTokenHandlerOptions options, string clientName, bool isGuarded)
        : this([.. ListedIn(options).Where(origin => isGuarded || !origin.IsDiscovered)], options.AllowAnyHttpsOrigin, options.AllowPlainHttp, clientName, isGuarded)
    {
    }

    private AllowedOrigins(Origin[] origins, bool anyHttps, bool allowsPlainHttp, string clientName, bool isGuarded)
    {
        _origins = origins;
        _anyHttps = anyHttps;
        _allowsPlainHttp = allowsPlainHttp;
        _clientName = clientName;
        _isGuarded = isGuarded;
        _hasServiceNames = Array.Exists(origins, origin => origin.IsServiceName);
    }


    /// <summary>Adds the origin of a client's own address.</summary>
    public AllowedOrigins With(Uri? baseAddress) =>
        baseAddress is { IsAbsoluteUri: true } && MayBeAllowed(baseAddress, out Origin origin) && !_origins.Contains(origin)
            ? new AllowedOrigins([.. _origins, origin], _anyHttps, _allowsPlainHttp, _clientName, _isGuarded)
            : this;

    /// <summary>Says whether a request may carry a token by the address that its sender wrote.</summary>
    public bool Allows(Uri? uri) => uri is { IsAbsoluteUri: true } && (IndexOf(uri) >= 0 || (_anyHttps && Origin.SchemeOf(uri) == Uri.UriSchemeHttps));

    /// <summary>
    /// Says whether a request that carries a token may go to the address that the handlers of the client have made of it. That is one of
    /// the origins, unless the sender wrote a service name: then it is any that keeps the token secret on the way.
    /// </summary>
    public bool AllowsAddress(Uri? uri, bool isServiceName) =>
        uri is { IsAbsoluteUri: true } && Origin.IsSafe(uri, _allowsPlainHttp) && (Allows(uri) || isServiceName);

    /// <summary>Says whether an allowed address is a service name.</summary>
    public bool IsServiceName(Uri uri) => _hasServiceNames && IndexOf(uri) is >= 0 and var index && _origins[index].IsServiceName;

    /// <summary>Words the refusal: the origin, and the one line that would allow it.</summary>
    public SpidException Refuse(Uri? uri)
    {
        string client = _clientName.Length == 0 ? "this HttpClient" : $"HttpClient '{_clientName}'";
        string reason = uri switch
        {
            not { IsAbsoluteUri: true } => "it has no absolute URL",
            _ when !MayBeAllowed(uri, out Origin origin) || (Allows(uri) && !Origin.IsSafe(uri, _allowsPlainHttp)) =>
                $"{origin} is not https, and plain http is for loopback only. Where the network itself encrypts, write .AddSpidTokenHandler(o => o.AllowPlainHttp = true)",
            _ => $"its origin is not allowed. If the service may have the token, write .AddSpidTokenHandler(o => o.AllowedOrigins.Add(\"{NameOf(uri)}\"))",
        };
        return new SpidException(SpidErrorKind.Configuration, $"The request of {client} was not sent with a SPiD token: {reason}.");
    }

    /// <summary>The origin without user info, path or query, which may hold secrets.</summary>
    public static string NameOf(Uri? uri) => uri is { IsAbsoluteUri: true }
        ? Origin.SchemeOf(uri) + uri.GetLeftPart(UriPartial.Scheme)[uri.Scheme.Length..] + Origin.HostIn(uri) + (uri.IsDefaultPort ? "" : ":" + uri.Port)
        : "(no absolute URL)";

    private static IEnumerable<Origin> ListedIn(SpidTokenHandlerOptions options)
    {
        foreach (string text in options.AllowedOrigins)
        {
            if (Origin.TryParse(text, options.AllowPlainHttp, out Origin origin) is null)
            {
                yield return origin;
            }
        }
    }

    private int IndexOf(Uri uri)
    {
        ReadOnlySpan<Origin> origins = _origins;
        for (int index = 0; index < origins.Length; index++)
        {
            if (origins[index].IsOriginOf(uri))
            {
                return index;
            }
        }

        return -1;
    }

    private bool MayBeAllowed(Uri uri, out Origin origin) =>
        Origin.TryCreate(uri, _allowsPlainHttp, out origin) || (_isGuarded && origin.IsServiceName);
}
