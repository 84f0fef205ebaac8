namespace Spid.Testing.Tokens;

/// <summary>How long each kind of token was seen to last.</summary>
internal static class TokenLifetimes
{
    public static TimeSpan Of(SpidTokenKind kind) => kind switch
    {
        SpidTokenKind.Opaque => TimeSpan.FromDays(7),
        SpidTokenKind.ClientAccess => TimeSpan.FromSeconds(900),
        SpidTokenKind.UserAccess2024 => TimeSpan.FromSeconds(60),
        _ => TimeSpan.FromSeconds(600),
    };
}
