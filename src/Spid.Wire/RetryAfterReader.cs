using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Spid.Wire;

/// <summary>
/// Reads <c>Retry-After</c> (RFC 9110 section 10.2.3) as leniently as its meaning is clear. The platform's parser gives nothing for a number
/// beyond 32 bits or an unusual date, and an endpoint that asks for a long wait would then be asked at once.
/// </summary>
internal static class RetryAfterReader
{
    private const string RetryAfter = "Retry-After";
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>Keeps out the words that every number style takes, such as Infinity.</summary>
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-. \t");

    /// <summary>Gives the longest wait that the answer asks for, or <see langword="null"/> when it asks for none that can be read.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, TimeProvider timeProvider)
    {
        if (!headers.NonValidated.TryGetValues(RetryAfter, out HeaderStringValues values))
        {
            return null;
        }

        DateTimeOffset localNow = timeProvider.GetUtcNow();
        DateTimeOffset now = ReadDate(headers, localNow) ?? localNow;
        TimeSpan longest = values.SelectMany(value => ReadDelays(value, now)).DefaultIfEmpty().Max();
        return longest <= TimeSpan.Zero ? null : longest < JsonBody.LongestTime ? longest : JsonBody.LongestTime;
    }

    /// <summary>Reads the server's own time: a date in the same answer is measured by the same clock, whatever the local one says.</summary>
    private static DateTimeOffset? ReadDate(HttpResponseHeaders headers, DateTimeOffset localNow) =>
        headers.NonValidated.TryGetValues("Date", out HeaderStringValues values) ? HttpDateReader.Read(values.First(), localNow) : null;

    /// <summary>A date has a comma of its own; several numbers in one line come from a proxy that joined the lines.</summary>
    private static IEnumerable<TimeSpan> ReadDelays(string value, DateTimeOffset now)
    {
        if (HttpDateReader.Read(value, now) is { } date)
        {
            yield return date - now;
        }

        foreach (string part in value.Split(','))
        {
            if (!part.AsSpan().ContainsAnyExcept(NumberCharacters) && double.TryParse(part, Number, CultureInfo.InvariantCulture, out double seconds))
            {
                yield return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, JsonBody.LongestTime.TotalSeconds));
            }
        }
    }
}
