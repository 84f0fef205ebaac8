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

    private static readonly HashSet<string> CacheValues = new(StringComparer.OrdinalIgnoreCase)
    {
        nameof(SpidTokenCacheOptions.MaximumEntries), nameof(SpidTokenCacheOptions.RefreshAfter), nameof(SpidTokenCacheOptions.RefreshJitter),
        nameof(SpidTokenCacheOptions.ExpiryMargin), nameof(SpidTokenCacheOptions.RenewalPause),
    };

    private static readonly HashSet<string> ResilienceValues = new(StringComparer.OrdinalIgnoreCase)
    {
        nameof(SpidResilienceOptions.Timeout), nameof(SpidResilienceOptions.AttemptTimeout), nameof(SpidResilienceOptions.RetryAttempts),
        nameof(SpidResilienceOptions.BackoffBase), nameof(SpidResilienceOptions.BackoffMaximum), nameof(SpidResilienceOptions.MaximumRetryAfter),
        nameof(SpidResilienceOptions.ConfigurationErrorMemory), nameof(SpidResilienceOptions.BreakDuration),
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

        string[] errors =
        [
            .. section.GetChildren().Select(FindError).OfType<string>(),
            .. Misspelt(section.GetSection(nameof(SpidClientOptions.Cache)), CacheValues),
            .. Misspelt(section.GetSection(nameof(SpidClientOptions.Resilience)), ResilienceValues),
        ];
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(clientName, typeof(SpidClientOptions), errors);
        }
    }

    private static IEnumerable<string> Misspelt(IConfigurationSection section, HashSet<string> known) => section.GetChildren()
        .Where(child => !known.Contains(child.Key))
        .Select(child => $"{child.Path} is not an option: the options are {string.Join(", ", known)}.");

    private static string? FindError(IConfigurationSection child)
    {
        if (string.IsNullOrEmpty(child.Value))
        {
            return Values.Contains(child.Key) && child.GetChildren().Any()
                ? $"{child.Path} has parts, but {child.Key} is one value{(child.Key.Equals("Scope", StringComparison.OrdinalIgnoreCase) ? ": write scopes with spaces between them" : "")}."
                : null;
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
