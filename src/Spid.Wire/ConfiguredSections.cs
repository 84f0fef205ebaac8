using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// Finds the sections that options are bound to, those of <c>services.Configure</c> included. The platform keeps a section in a private
/// field of the source of change tokens; where a later platform names it otherwise none is found.
/// </summary>
/// <typeparam name="TOptions">The type of the options.</typeparam>
internal static class ConfiguredSections<TOptions>
{
    /// <summary>Finds the sections of one name. A whole configuration is none: its other keys, environment variables among them, are not ours.</summary>
    public static IEnumerable<IConfigurationSection> Of(string? name, IEnumerable<IOptionsChangeTokenSource<TOptions>>? sources) => (sources ?? [])
        .OfType<ConfigurationChangeTokenSource<TOptions>>()
        .Where(source => source.Name == (name ?? Options.DefaultName))
        .Select(Find)
        .OfType<IConfigurationSection>();

    /// <summary>Finds the path of a section that has no keys, which is most often misspelt or was not deployed.</summary>
    public static string? FindEmpty(string? name, IEnumerable<IOptionsChangeTokenSource<TOptions>>? sources) =>
        Of(name, sources).FirstOrDefault(section => !section.GetChildren().Any())?.Path;

    private static IConfiguration? Find(ConfigurationChangeTokenSource<TOptions> source)
    {
        try
        {
            return ConfigurationOf(source);
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_config")]
    private static extern ref IConfiguration ConfigurationOf(ConfigurationChangeTokenSource<TOptions> source);
}
