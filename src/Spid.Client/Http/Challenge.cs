namespace Spid.Client.Http;

/// <summary>Reads the parameters of a challenge (RFC 9110 section 11.2): names with values that may be quoted, separated by commas.</summary>
internal static class Challenge
{
    /// <summary>Says whether a parameter has the value; the same letters inside a description, a URL or a realm are not it.</summary>
    public static bool Has(ReadOnlySpan<char> parameters, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        while (parameters.IndexOf('=') is var equals and >= 0)
        {
            ReadOnlySpan<char> found = LastWord(parameters[..equals]);
            ReadOnlySpan<char> text = TakeValue(parameters[(equals + 1)..].TrimStart(), out parameters);
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase) && text.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd();
        return text[(text.LastIndexOfAny(' ', '\t', ',') + 1)..];
    }

    private static ReadOnlySpan<char> TakeValue(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        bool quoted = text.StartsWith('"');
        int end = quoted ? 1 : 0;
        while (end < text.Length && (quoted ? text[end] != '"' : text[end] is not (',' or ' ' or '\t')))
        {
            end += quoted && text[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, text.Length);
        rest = text[Math.Min(quoted ? end + 1 : end, text.Length)..];
        return text[(quoted ? 1 : 0)..end];
    }
}
