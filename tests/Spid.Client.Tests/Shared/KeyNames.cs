using System.Globalization;

namespace Spid.Client.Tests.Shared;

/// <summary>Token requests by number, whose tokens name the key that they were asked for.</summary>
internal static class KeyNames
{
    public static string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"key-{number}");

    public static TokenRequest Request(int number) => new(Of(number));

    /// <summary>Finds the key in the form that the stub received.</summary>
    public static string InForm(string form) => Uri.UnescapeDataString(form.Split('&').Single(field => field.StartsWith("scope=", StringComparison.Ordinal))["scope=".Length..]);
}
