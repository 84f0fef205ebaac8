using System.Buffers;
using System.Buffers.Text;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Base64url without padding, in the one spelling that RFC 7515 section 2 allows for given bytes. Readers that ignore the unused
/// bits of the last character take several texts for one token, and then a refused token comes back in other clothes.
/// </summary>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    public static bool IsCanonical(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.ContainsAnyExcept(Letters))
        {
            return false;
        }

        int unusedBits = (text.Length % 4) switch
        {
            0 => 0,
            2 => 0b1111,
            3 => 0b0011,
            _ => -1,
        };
        return unusedBits >= 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unusedBits) == 0;
    }

    public static byte[] Decode(ReadOnlySpan<char> canonical) => Base64Url.DecodeFromChars(canonical);
}
