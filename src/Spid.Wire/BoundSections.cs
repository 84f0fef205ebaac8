using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Spid.Wire;

/// <summary>
/// The configuration sections that the options of a service collection are bound to. Options that were bound to two sections would be a
/// mixture of both: single values from the second one, lists from both, and a token that is good for the services of either.
/// </summary>
internal sealed class BoundSections
{
    private readonly Dictionary<(Type Options, string Name), Section> _sections = [];

    public static BoundSections In(IServiceCollection services) => Registry.In<BoundSections>(services);

    /// <summary>Notes the section of the application's configuration at a path.</summary>
    /// <returns><see langword="false"/> when the options are bound to it already; bound twice, lists would have each entry twice.</returns>
    /// <exception cref="InvalidOperationException">The options are bound to another section.</exception>
    public bool Add(Type options, string name, string path) => Add(options, name, new Section(path, Configuration: null));

    /// <summary>Notes a section.</summary>
    /// <returns><see langword="false"/> when the options are bound to it already; bound twice, lists would have each entry twice.</returns>
    /// <exception cref="InvalidOperationException">The options are bound to another section.</exception>
    public bool Add(Type options, string name, IConfiguration configuration) => Add(options, name, new Section((configuration as IConfigurationSection)?.Path, configuration));

    private bool Add(Type options, string name, Section section)
    {
        if (_sections.TryAdd((options, name), section))
        {
            return true;
        }

        Section existing = _sections[(options, name)];
        return existing.IsSameAs(section)
            ? false
            : throw new InvalidOperationException(
                $"There are two configurations of {OptionsOwner.Describe(options, name)}, {existing} and {section}: register the second one under a name of its own, or change single options by code.");
    }

    /// <summary>A section, or a whole configuration, which has no path.</summary>
    private sealed record Section(string? Path, IConfiguration? Configuration)
    {
        public bool IsSameAs(Section other) => string.Equals(Path, other.Path, StringComparison.OrdinalIgnoreCase)
            && (Configuration is null || other.Configuration is null || HaveSameRoot(Configuration, other.Configuration));

        public override string ToString() => Path is null ? "a whole configuration" : $"section '{Path}'";

        /// <summary>Sections do not tell their root, but all of one root give its change token. A configuration that gives a new one each time cannot be told apart.</summary>
        private static bool HaveSameRoot(IConfiguration one, IConfiguration other) => ReferenceEquals(one, other)
            || ReferenceEquals(one.GetReloadToken(), other.GetReloadToken())
            || !ReferenceEquals(one.GetReloadToken(), one.GetReloadToken());
    }
}
