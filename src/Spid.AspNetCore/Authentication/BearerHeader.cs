using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Spid.AspNetCore.Authentication;

/// <summary>The token of a request (RFC 6750 section 2), as a piece of the header that it came in.</summary>
/// <param name="Kind">What was found.</param>
/// <param name="Token">What stands where the token should; the verifier looks whether it is one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BearerHeader(BearerHeaderKind Kind, ReadOnlyMemory<char> Token)
{
    private const string Scheme = "Bearer";
    private const string QueryParameter = "access_token";

    private static readonly SearchValues<char> SchemeLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    public static BearerHeader Read(HttpRequest request, IList<string> queryTokenPaths)
    {
        BearerHeader header = Read(request.Headers.Authorization);
        if (queryTokenPaths.Count == 0 || !MayBeInQuery(request, queryTokenPaths))
        {
            return header;
        }

        StringValues query = request.Query[QueryParameter];
        if (query.Count == 0)
        {
            return header;
        }

        // RFC 6750 section 2: one way of sending the token, and no other beside it.
        return header.Kind != BearerHeaderKind.None || query.Count > 1
            ? new BearerHeader(BearerHeaderKind.Ambiguous, default)
            : new BearerHeader(BearerHeaderKind.Token, query[0].AsMemory());
    }

    /// <summary>Compares whole path segments, ignoring case, as routing does.</summary>
    public static bool MayBeInQuery(HttpRequest request, IList<string> queryTokenPaths)
    {
        if (!HttpMethods.IsGet(request.Method) && !OpensWebSocket(request))
        {
            return false;
        }

        foreach (string path in queryTokenPaths)
        {
            if (request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    public static BearerHeader Read(StringValues authorization)
    {
        if (authorization.Count == 1)
        {
            return Read(authorization[0]);
        }

        foreach (string? value in authorization)
        {
            if (Read(value).Kind != BearerHeaderKind.None)
            {
                return new BearerHeader(BearerHeaderKind.Ambiguous, default);
            }
        }

        return default;
    }

    /// <summary>RFC 8441 section 4: over HTTP/2 and HTTP/3 a WebSocket opens with CONNECT.</summary>
    private static bool OpensWebSocket(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method)
        && request.HttpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect
        && string.Equals(connect.Protocol, "websocket", StringComparison.OrdinalIgnoreCase);

    private static BearerHeader Read(string? authorization)
    {
        int end = authorization.AsSpan().IndexOfAnyExcept(SchemeLetters);
        ReadOnlySpan<char> scheme = end < 0 ? authorization : authorization.AsSpan(0, end);
        if (!scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        // RFC 9110 section 11.4: spaces, and nothing else, stand between the scheme and the token.
        int start = end < 0 ? -1 : authorization.AsSpan(end).IndexOfAnyExcept(' ');
        return new BearerHeader(BearerHeaderKind.Token, start > 0 ? authorization.AsMemory(end + start) : default);
    }
}
