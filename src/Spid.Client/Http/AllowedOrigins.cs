namespace Spid.Client.Http;

/// <summary>Decides whether a request may carry a token.</summary>
internal sealed class AllowedOrigins
{
    private readonly Origin[] _origins;
    private readonly bool _anyHttps;
    private readonly bool _allowsPlainHttp;
    private readonly string _clientName;

    public AllowedOrigins(SpidTokenHandlerOptions options, Uri? baseAddress, string clientName)
    {
        var origins = new List<Origin>();
        if (baseAddress is { IsAbsoluteUri: true } && Origin.TryCreate(baseAddress, options.AllowPlainHttp, out Origin own))
        {
            origins.Add(own);
        }

        foreach (string text in options.AllowedOrigins)
        {
            if (Origin.TryParse(text, options.AllowPlainHttp, out Origin origin) is null)
            {
                origins.Add(origin);
            }
        }

        _origins = [.. origins];
        _anyHttps = options.AllowAnyHttpsOrigin;
        _allowsPlainHttp = options.AllowPlainHttp;
        _clientName = clientName;
    }

    public bool Allows(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            return false;
        }

        foreach (ref readonly Origin origin in _origins.AsSpan())
        {
            if (origin.IsOriginOf(uri))
            {
                return true;
            }
        }

        return _anyHttps && uri.Scheme == Uri.UriSchemeHttps;
    }

    /// <summary>Words the refusal: the origin, and the one line that would allow it.</summary>
    public SpidException Refuse(Uri? uri)
    {
        string client = _clientName.Length == 0 ? "this HttpClient" : $"HttpClient '{_clientName}'";
        string reason = uri switch
        {
            not { IsAbsoluteUri: true } => "it has no absolute URL",
            _ when !Origin.TryCreate(uri, _allowsPlainHttp, out Origin origin) => $"{origin} is not https, and plain http is for loopback only. Where the network itself encrypts, write .AddSpidTokenHandler(o => o.AllowPlainHttp = true)",
            _ => $"its origin is not allowed. If the service may have the token, write .AddSpidTokenHandler(o => o.AllowedOrigins.Add(\"{NameOf(uri)}\"))",
        };
        return new SpidException(SpidErrorKind.Configuration, $"The request of {client} was not sent with a SPiD token: {reason}.");
    }

    /// <summary>The origin without user info, path or query, which may hold secrets.</summary>
    public static string NameOf(Uri? uri) => uri is { IsAbsoluteUri: true } ? uri.GetLeftPart(UriPartial.Scheme) + Origin.HostIn(uri) + (uri.IsDefaultPort ? "" : ":" + uri.Port) : "(no absolute URL)";
}
