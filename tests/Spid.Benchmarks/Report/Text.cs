using System.Globalization;

namespace Spid.Benchmarks.Report;

/// <summary>Figures as a reader wants them: three digits and a unit that fits.</summary>
internal static class Text
{
    public static string Time(double nanoseconds) => Math.Abs(nanoseconds) switch
    {
        < 1_000 => Digits(nanoseconds) + " ns",
        < 1_000_000 => Digits(nanoseconds / 1_000) + " us",
        _ => Digits(nanoseconds / 1_000_000) + " ms",
    };

    public static string Bytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:#,##0} B").Replace(',', ' ');

    public static string Megabytes(double bytes) => Digits(bytes / 1_000_000) + " MB";

    public static string Count(double count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,##0}").Replace(',', ' ');

    public static string Times(double ratio) => Digits(ratio) + " x";

    private static string Digits(double value) => Math.Abs(value) switch
    {
        < 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };
}
