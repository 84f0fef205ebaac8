using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// Finds what binding a configuration section would pass over in silence: names that are no option, and a list that is written as one
/// value. Where options restrict who is let in, what has no effect lets everybody in.
/// </summary>
internal sealed class SectionRules
{
    private readonly Dictionary<string, Type> _options;
    private readonly Dictionary<string, SectionRules> _parts = new(StringComparer.OrdinalIgnoreCase);

    private SectionRules(IEnumerable<PropertyInfo> properties) =>
        _options = properties.Where(property => IsBindable(property.PropertyType)).ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Names => _options.Keys.Concat(_parts.Keys);

    public static SectionRules Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>() => new(typeof(TOptions).GetProperties());

    public SectionRules With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TPart>(string name)
    {
        _parts.Add(name, Of<TPart>());
        return this;
    }

    /// <exception cref="OptionsValidationException">Something in the section has no effect.</exception>
    public void ThrowIfInvalid(string name, Type options, IConfiguration section)
    {
        // A whole configuration instead of a section: its other keys, environment variables among them, are none of ours.
        if (section is IConfigurationRoot)
        {
            return;
        }

        string[] errors = [.. FindErrors(section)];
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(name, options, errors);
        }
    }

    private static bool IsBindable(Type type) => type.IsValueType || type == typeof(string) || type == typeof(Uri) || IsList(type);

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private IEnumerable<string> FindErrors(IConfiguration section) => section.GetChildren().SelectMany(FindErrors);

    private IEnumerable<string> FindErrors(IConfigurationSection child)
    {
        bool isPart = _parts.TryGetValue(child.Key, out SectionRules? part);
        if (isPart && string.IsNullOrEmpty(child.Value))
        {
            return part!.FindErrors((IConfiguration)child);
        }

        string? error = (isPart, _options.TryGetValue(child.Key, out Type? type), string.IsNullOrEmpty(child.Value)) switch
        {
            (true, _, _) => $"{child.Path} is one value, but {child.Key} has parts: write for example {child.Path}:{part!.Names.First()}.",
            (_, false, true) when IsOfAnother(child) => null,
            (_, false, _) => $"{child.Path} is not an option: the options are {string.Join(", ", Names.Order(StringComparer.Ordinal))}.",
            (_, _, false) when IsList(type!) => $"{child.Path} is one value, but {child.Key} is a list: write {child.Path}:0.",
            (_, _, true) when !IsList(type!) && child.GetChildren().Any() => $"{child.Path} has parts, but {child.Key} is one value.",
            (_, _, false) => FindEnumError(child, Nullable.GetUnderlyingType(type!) ?? type!),
            _ => null,
        };
        return error is null ? [] : [error];
    }

    /// <summary>A subsection that names an installation of SPiD belongs to another client or verifier.</summary>
    private static bool IsOfAnother(IConfigurationSection child) => !child.GetChildren().Any() || child["Environment"] is not null || child["Authority"] is not null;

    private static string? FindEnumError(IConfigurationSection child, Type type) => type.IsEnum && !Enum.TryParse(type, child.Value, ignoreCase: true, out _)
        ? $"{child.Path} is unknown: set it to {string.Join(", ", Enum.GetNames(type))}."
        : null;
}
