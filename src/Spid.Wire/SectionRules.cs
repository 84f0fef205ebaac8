using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// Finds what binding a configuration section would pass over in silence, such as names that are no option and a list that is written as
/// one value, and what it could not convert. Where options restrict who is let in, what has no effect lets everybody in.
/// </summary>
internal sealed class SectionRules
{
    private readonly Type _type;
    private readonly Dictionary<string, Type> _options;
    private readonly Dictionary<string, SectionRules> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _hints = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _marks = ["Environment", "Authority"];

    private SectionRules(Type type, IEnumerable<PropertyInfo> properties)
    {
        _type = type;
        _options = properties.Where(property => IsBindable(property.PropertyType)).ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Gets the names of the options. Reflection has no order to rely on, so that it is the alphabet's.</summary>
    private IEnumerable<string> Names => _options.Keys.Concat(_parts.Keys).Order(StringComparer.Ordinal);

    public static SectionRules Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>() => new(typeof(TOptions), typeof(TOptions).GetProperties());

    public SectionRules With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TPart>(string name)
    {
        _parts.Add(name, Of<TPart>());
        return this;
    }

    /// <summary>Says how to write an option that many write as a list.</summary>
    public SectionRules WithHint(string option, string hint)
    {
        _hints.Add(option, hint);
        return this;
    }

    /// <summary>Lets more options tell that a subsection belongs to another client.</summary>
    public SectionRules WithMarks(params IEnumerable<string> options)
    {
        _marks.AddRange(options);
        return this;
    }

    /// <exception cref="OptionsValidationException">Something in the section has no effect or cannot be converted.</exception>
    public void ThrowIfInvalid(string name, IConfiguration section)
    {
        string[] errors = [.. FindErrorsOf(section).Select(error => OptionsOwner.Mark(error, _type, name))];
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(name, _type, errors);
        }
    }

    /// <summary>
    /// Finds what has no effect in a section. A whole configuration has other keys, environment variables among them, which are none of ours; that it
    /// has no other ones at all is most often a forgotten <c>GetSection</c>.
    /// </summary>
    public IEnumerable<string> FindErrorsOf(IConfiguration section) => section is not IConfigurationRoot
        ? FindErrors(section)
        : Names.Any(name => section.GetSection(name).Exists())
            ? []
            : [$"The whole configuration was passed, and none of the options is at its top: {string.Join(", ", Names)}. Pass a section of it, as in configuration.GetSection(\"Spid\")."];

    private static bool IsBindable(Type type) => type.IsValueType || type == typeof(string) || type == typeof(Uri) || IsCollection(type);

    private static bool IsCollection(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static bool HasParts(IConfigurationSection section) => string.IsNullOrEmpty(section.Value) && section.GetChildren().Any();

    private IEnumerable<string> FindErrors(IConfiguration section) => section.GetChildren().SelectMany(FindErrors);

    private IEnumerable<string> FindErrors(IConfigurationSection child)
    {
        bool hasValue = !string.IsNullOrEmpty(child.Value);
        if (_parts.TryGetValue(child.Key, out SectionRules? part))
        {
            return hasValue
                ? [$"{child.Path} is one value, but {child.Key} has parts: write for example {child.Path}:{part.Names.First()}."]
                : part.FindErrors((IConfiguration)child);
        }

        if (!_options.TryGetValue(child.Key, out Type? type))
        {
            return hasValue || (HasParts(child) && !IsOfAnother(child)) ? [$"{child.Path} is not an option: the options are {string.Join(", ", Names)}."] : [];
        }

        string?[] errors = (IsCollection(type), hasValue) switch
        {
            (true, true) => [FindCollectionError(child, type)],
            (true, false) => [.. child.GetChildren().Where(HasParts).Select(entry => $"{entry.Path} has parts, but each entry of {child.Key} is one value.")],
            (false, true) => [ValueRules.FindError(child.Value!, Nullable.GetUnderlyingType(type) ?? type) is { } error ? $"{child.Path} {error}" : null],
            (false, false) => [HasParts(child) ? $"{child.Path} has parts, but {child.Key} is one value{(_hints.TryGetValue(child.Key, out string? hint) ? $": {hint}" : "")}." : null],
        };
        return errors.OfType<string>();
    }

    /// <summary>A subsection that names an installation of SPiD belongs to another client or verifier, and so does one that holds such subsections.</summary>
    private bool IsOfAnother(IConfigurationSection child) => _marks.Exists(mark => child[mark] is not null) || child.GetChildren().Where(HasParts).Any(IsOfAnother);

    private static string FindCollectionError(IConfigurationSection child, Type type) => typeof(IDictionary<string, string>).IsAssignableFrom(type)
        ? $"{child.Path} is one value, but {child.Key} has parts: write for example {child.Path}:Name."
        : $"{child.Path} is one value, but {child.Key} is a list: write {child.Path}:0.";
}
