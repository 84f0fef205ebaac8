namespace Spid.AspNetCore;

/// <summary>Names that are used unless others are given.</summary>
public static class SpidBearerDefaults
{
    /// <summary>The name of the authentication scheme, and of the verifier that it registers.</summary>
    public const string AuthenticationScheme = "SpidBearer";
}
