using System.ComponentModel;
using System.Reflection;

namespace Spid.Wire;

/// <summary>Tells at the end of a message whose options it is about: by the display name of their type, which other packages give to theirs, and by their own name.</summary>
internal static class OptionsOwner
{
    public static string Mark(string error, Type options, string? name) => $"{error} (options of {Describe(options, name)})";

    public static string Describe(Type options, string? name)
    {
        string kind = options.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName ?? options.Name;
        return string.IsNullOrEmpty(name) ? $"the default {kind}" : $"{kind} '{name}'";
    }
}
