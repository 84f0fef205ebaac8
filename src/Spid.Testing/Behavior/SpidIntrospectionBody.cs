namespace Spid.Testing.Behavior;

/// <summary>Names the three documented shapes of an active introspection answer.</summary>
public enum SpidIntrospectionBody
{
    /// <summary>The endpoint's page: every claim of the token, and <c>iss</c> with a trailing slash.</summary>
    Full = 0,

    /// <summary>The guide's page: <c>now</c>, but no <c>iss</c>, <c>aud</c>, <c>iat</c>, <c>sub</c> or <c>jti</c>.</summary>
    WithNow = 1,

    /// <summary>The service-to-service page: <c>iss</c> without a trailing slash, no <c>sub</c> and no <c>jti</c>.</summary>
    ServiceToService = 2,
}
