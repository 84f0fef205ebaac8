using System.Buffers;

namespace Spid.ResourceServer.Verification;

/// <summary>What a bearer token may look like (RFC 6750 section 2.1): checked before anything is computed or asked.</summary>
internal static class TokenSyntax
{
    public const int MaximumLength = 16_384;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    public static bool IsToken(ReadOnlySpan<char> token)
    {
        if (token.Length is 0 or > MaximumLength)
        {
            return false;
        }

        ReadOnlySpan<char> letters = token.TrimEnd('=');
        return letters.Length > 0 && !letters.ContainsAnyExcept(Letters);
    }
}
