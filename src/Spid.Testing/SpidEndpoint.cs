namespace Spid.Testing;

/// <summary>Names an endpoint of the server, to aim faults at it and to find the requests that reached it.</summary>
public enum SpidEndpoint
{
    /// <summary>A path or method the server does not offer; answered with 404 or 405.</summary>
    Unknown = 0,

    /// <summary><c>POST /oauth/token</c>.</summary>
    Token = 1,

    /// <summary><c>POST /oauth/introspect</c>.</summary>
    Introspection = 2,

    /// <summary><c>GET /oauth/jwks</c>.</summary>
    Jwks = 3,

    /// <summary><c>POST /oauth/register</c>.</summary>
    Registration = 4,

    /// <summary><c>GET /api/2/token/{token}/authentication</c>.</summary>
    TokenStatus = 5,
}
