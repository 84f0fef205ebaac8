using System.Diagnostics.CodeAnalysis;

namespace Spid.Seeds.Catalog;

/// <summary>One replacement of text in a source file.</summary>
/// <param name="File">The path from the root of the repository.</param>
/// <param name="Original">The text as it stands there, exactly once.</param>
/// <param name="Replacement">The faulty text.</param>
internal sealed record Edit(string File, string Original, string Replacement)
{
    /// <summary>Applies the replacement; fails when the original text is missing or stands there more than once, for then the seed is out of date.</summary>
    public bool TryApply(string source, [NotNullWhen(true)] out string? changed)
    {
        int position = source.IndexOf(Original, StringComparison.Ordinal);
        bool isSingle = position >= 0 && position == source.LastIndexOf(Original, StringComparison.Ordinal);
        changed = isSingle ? string.Concat(source.AsSpan(0, position), Replacement, source.AsSpan(position + Original.Length)) : null;
        return isSingle;
    }
}
