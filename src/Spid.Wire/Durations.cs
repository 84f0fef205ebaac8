namespace Spid.Wire;

/// <summary>Words for durations outside their range. <c>RangeAttribute</c> over a type name is not safe to trim.</summary>
internal static class Durations
{
    public static string? OutOfRange(string option, TimeSpan value, TimeSpan minimum, TimeSpan maximum) =>
        value < minimum || value > maximum ? $"{option} is {value}: set it to a duration from {minimum} to {maximum}." : null;

    public static string? Longer(string option, TimeSpan value, string limitOption, TimeSpan limit) =>
        value > limit ? $"{option} ({value}) is longer than {limitOption} ({limit}): shorten it." : null;
}
