namespace Spid.Testing;

/// <summary>Names the tokens seen from SPiD, each with its own header and claims.</summary>
public enum SpidTokenKind
{
    /// <summary>A client's access token: RS256, <c>client_id</c>, <c>scope</c>, <c>aud</c> as an array, no <c>sub</c>; 900 s.</summary>
    ClientAccess = 0,

    /// <summary>An opaque token of 40 hexadecimal digits; seven days.</summary>
    Opaque = 1,

    /// <summary>A user's access token (2018): RS256, <see langword="class"/>, <c>azp</c> and <c>aud</c> as a string; 600 s.</summary>
    UserAccess = 2,

    /// <summary>A user's access token (2018): HS256, <c>typ</c> JWS, no <c>kid</c>; 600 s.</summary>
    UserAccessHs256 = 3,

    /// <summary>An ID token (2018): signed by the key of the access tokens, with the resource server's domain in <c>aud</c>; 600 s.</summary>
    IdToken = 4,

    /// <summary>A refresh token (2018): HS256, <c>typ</c> JWS, no <c>kid</c>.</summary>
    RefreshHs256 = 5,

    /// <summary>A user's access token (2024): HS256, no <c>typ</c>, <c>type</c> access, <c>aud</c> the client id; 60 s.</summary>
    UserAccess2024 = 6,

    /// <summary>An ID token (2024): RS256, no <c>typ</c>, <c>nonce</c> and <c>amr</c>, <c>aud</c> the client id.</summary>
    IdToken2024 = 7,

    /// <summary>A refresh token (2024): as <see cref="UserAccess2024"/> with <c>type</c> refresh and <c>sid</c>.</summary>
    Refresh2024 = 8,
}
