using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Spid.Client.DependencyInjection;

/// <summary>
/// Finds what binding a configuration section would pass over in silence (misspelt keys, a list written as one value) or answer with
/// a conversion error that names no alternatives.
/// </summary>
internal static class SectionCheck
{
    private static readonly HashSet<string> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        nameof(SpidClientOptions.Environment), nameof(SpidClientOptions.Authority), nameof(SpidClientOptions.ClientId),
        nameof(SpidClientOptions.ClientSecret), nameof(SpidClientOptions.SecondaryClientSecret), nameof(SpidClientOptions.Scope),
        nameof(SpidClientOptions.ClientAuthentication), nameof(SpidClientOptions.SendOidcHeader), nameof(SpidClientOptions.WarmUp),
    };

    private static readonly HashSet<string> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        nameof(SpidClientOptions.Resources), nameof(SpidClientOptions.Parameters), nameof(SpidClientOptions.Cache), nameof(SpidClientOptions.Resilience),
    };

    /// <summary>Subsections of other names may be other clients' and are not looked at.</summary>
    /// <exception cref="OptionsValidationException">Something in the section has no effect.</exception>
    public static void ThrowIfInvalid(string clientName, IConfiguration section)
    {
        // A whole configuration instead of a section: its other keys, environment variables among them, are none of ours.
        if (section is IConfigurationRoot)
        {
            return;
        }

        string[] errors = [.. section.GetChildren().Select(FindError).OfType<string>()];
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(clientName, typeof(SpidClientOptions), errors);
        }
    }

    private static string? FindError(IConfigurationSection child)
    {
        if (string.IsNullOrEmpty(child.Value))
        {
            return null;
        }

        if (Sections.Contains(child.Key))
        {
            return $"{child.Path} is one value, but {child.Key} has parts: write for example {child.Path}:{(child.Key.Equals("Resources", StringComparison.OrdinalIgnoreCase) ? "0" : "Name")}.";
        }

        if (!Values.Contains(child.Key))
        {
            return $"{child.Path} is not an option: the options are {string.Join(", ", Values.Concat(Sections))}.";
        }

        return child.Key.Equals(nameof(SpidClientOptions.Environment), StringComparison.OrdinalIgnoreCase) && !Enum.TryParse<SpidEnvironment>(child.Value, ignoreCase: true, out _)
            ? $"{child.Path} is unknown: set it to {string.Join(", ", Enum.GetNames<SpidEnvironment>())}."
            : null;
    }
}
