using System.Globalization;

namespace Spid.Wire;

/// <summary>
/// Finds values that binding cannot convert. Binding itself would end at the first, name no alternatives, and keep what else is wrong
/// from being told.
/// </summary>
internal static class ValueRules
{
    public static string? FindError(string value, Type type) => type switch
    {
        { IsEnum: true } => Enum.TryParse(type, value, ignoreCase: true, out _) ? null : $"is unknown: set it to {string.Join(", ", Enum.GetNames(type))}.",
        _ when type == typeof(bool) => bool.TryParse(value, out _) ? null : "is unknown: set it to true or false.",
        _ when type == typeof(int) => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "is no whole number.",
        _ when type == typeof(long) => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "is no whole number.",
        _ when type == typeof(double) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "is no number with a point before its decimals.",
        _ when type == typeof(TimeSpan) => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "is no duration: write hours, minutes and seconds, such as 00:01:30.",
        _ when type == typeof(Uri) => Uri.TryCreate(value, UriKind.RelativeOrAbsolute, out _) ? null : "is no URI.",
        _ => null,
    };
}
