namespace Spid.Client.Http;

/// <summary>Scheme, host and port (RFC 6454): what must be equal for two URLs to belong to one server.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    /// <summary>Reads an origin that may receive a token.</summary>
    /// <returns><see langword="null"/>, or what is wrong.</returns>
    public static string? TryParse(string? text, bool allowPlainHttp, out Origin origin)
    {
        origin = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http" or "https+http" or "http+https"))
        {
            return "write an absolute https URL such as https://api.example.com";
        }

        if (uri.UserInfo.Length > 0 || uri.PathAndQuery is not ("/" or "") || uri.Fragment.Length > 0)
        {
            return "an origin is scheme, host and port without path, query or user info";
        }

        return TryCreate(uri, allowPlainHttp, out origin) || origin.IsDiscovered
            ? null
            : "write https; plain http is for loopback only, because the token would travel in the clear; where the network itself encrypts, set AllowPlainHttp";
    }

    /// <summary>Gets a value indicating whether the scheme is one that only service discovery understands: no transport can send to it.</summary>
    public bool IsDiscovered => Scheme is "https+http" or "http+https";

    /// <summary>
    /// Gets a value indicating whether the host is no address but a name that a handler of the client replaces with one: service discovery
    /// knows schemes such as <c>https+http</c> and hosts that begin with the name of an endpoint, and no public host goes without a dot.
    /// </summary>
    public bool IsServiceName =>
        IsDiscovered
        || (Scheme is "https" or "http" && (Host.StartsWith('_') || (!Host.AsSpan().ContainsAny('.', ':') && Host != "localhost")));

    /// <summary>Takes the origin of an absolute URI, unless a token must not go there at all.</summary>
    public static bool TryCreate(Uri uri, bool allowPlainHttp, out Origin origin)
    {
        origin = new Origin(SchemeOf(uri), uri.IdnHost, uri.Port);
        return IsSafe(uri, allowPlainHttp);
    }

    /// <summary>Says whether what is sent to an absolute URI stays secret on the way.</summary>
    public static bool IsSafe(Uri uri, bool allowPlainHttp) =>
        SchemeOf(uri) is var scheme && (scheme == Uri.UriSchemeHttps || (scheme == Uri.UriSchemeHttp && (allowPlainHttp || uri.IsLoopback)));

    /// <summary>
    /// Gets the scheme of the server: the request that opens a WebSocket is one of http or https (RFC 6455 section 1.7), to the same port, and
    /// .NET sends it through the handlers with the scheme of the socket.
    /// </summary>
    public static string SchemeOf(Uri uri) => uri.Scheme switch
    {
        "wss" => Uri.UriSchemeHttps,
        "ws" => Uri.UriSchemeHttp,
        string scheme => scheme,
    };

    public bool IsOriginOf(Uri uri) => Port == uri.Port && (Scheme == uri.Scheme || Scheme == SchemeOf(uri)) && Host == uri.IdnHost;

    /// <summary>The host as it stands in a URL: an IPv6 address in brackets.</summary>
    public static string HostIn(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;

    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
