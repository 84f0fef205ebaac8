using System.Globalization;

namespace Spid.Wire;

/// <summary>
/// Reads the three forms of HTTP dates (RFC 9110 section 5.6.7) and what else can only mean one moment: other zones, ISO 8601, and a wrong day
/// of the week.
/// </summary>
internal static class HttpDateReader
{
    private static readonly string[] Zones = ["GMT", "UTC", "UT", "Z"];

    private static readonly string[] Formats =
    [
        .. new[] { "d MMM yyyy H:m:s", "d-MMM-yy H:m:s", "d-MMM-yyyy H:m:s", "MMM d H:m:s yyyy", "yyyy-M-d'T'H:m:s.FFFFFFF" }
            .SelectMany(format => new[] { format, format + " zzz" }),
    ];

    /// <param name="text">The date.</param>
    /// <param name="now">Tells which century a year of two digits belongs to.</param>
    public static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        string date = WithoutLeapSecond(WithoutZone(WithoutDayOfWeek(text.Trim())));
        return DateTimeOffset.TryParseExact(
            date, Formats, FormatFor(now), DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset result)
                ? result
                : null;
    }

    /// <summary>Section 5.6.7: a year of two digits that seems to be more than 50 years ahead lies in the past.</summary>
    private static DateTimeFormatInfo FormatFor(DateTimeOffset now)
    {
        var format = (DateTimeFormatInfo)DateTimeFormatInfo.InvariantInfo.Clone();
        format.Calendar = new GregorianCalendar { TwoDigitYearMax = Math.Clamp(now.Year + 50, 99, 9999) };
        return format;
    }

    private static string WithoutDayOfWeek(string text)
    {
        int end = text.Length == 0 || !char.IsAsciiLetter(text[0]) ? -1 : text.IndexOf(',', StringComparison.Ordinal) is >= 0 and var comma ? comma : text.IndexOf(' ', StringComparison.Ordinal);
        return text[(end + 1)..];
    }

    private static string WithoutZone(string text)
    {
        string? zone = Array.Find(Zones, zone => text.EndsWith(zone, StringComparison.OrdinalIgnoreCase));
        return zone is null ? text : text[..^zone.Length];
    }

    /// <summary>The platform knows no second 60.</summary>
    private static string WithoutLeapSecond(string text) => text.Replace(":60", ":59", StringComparison.Ordinal);
}
