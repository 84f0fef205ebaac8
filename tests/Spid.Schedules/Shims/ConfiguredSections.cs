using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>Options come from code here, and from no section.</summary>
internal static class ConfiguredSections<TOptions>
{
    public static string? FindEmpty(string? name, IEnumerable<IOptionsChangeTokenSource<TOptions>>? sources) => null;
}
