namespace Spid.Testing.Behavior;

/// <summary>Names the token response bodies seen from SPiD over the years.</summary>
public enum SpidTokenBody
{
    /// <summary><see cref="Legacy"/> or <see cref="Jwt"/>, as the backend and the client's settings say.</summary>
    Automatic = 0,

    /// <summary>2014: opaque tokens, <c>scope</c> null, <c>user_id</c> false, no <c>token_type</c>.</summary>
    LegacyWithoutTokenType = 1,

    /// <summary>2017 and later: as <see cref="LegacyWithoutTokenType"/> with <c>token_type</c> Bearer.</summary>
    Legacy = 2,

    /// <summary>A JWT with <c>expires_in</c>, <c>scope</c> and <c>token_type</c>, and no refresh token.</summary>
    Jwt = 3,

    /// <summary>JWTs among the legacy fields, with an ID token; lasts ten minutes.</summary>
    Mixed = 4,

    /// <summary>The legacy body of a user: <c>user_id</c> in digits, <c>scope</c> a string.</summary>
    LegacyUser = 5,

    /// <summary>No <c>scope</c>, and <c>expires_in</c> as digits in a string.</summary>
    Minimal = 6,

    /// <summary>A broken 200: everything but <c>access_token</c>.</summary>
    WithoutAccessToken = 7,

    /// <summary>A broken 200: <c>{}</c>.</summary>
    EmptyObject = 8,
}
