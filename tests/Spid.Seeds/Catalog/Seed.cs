using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog;

/// <summary>A small fault of the kind that a change can bring in, and what should notice it.</summary>
/// <param name="Name">The name on the command line, such as <c>token/jitter</c>.</param>
/// <param name="Breaks">What goes wrong, in one sentence.</param>
internal sealed record Seed(string Name, string Breaks)
{
    /// <summary>Gets the replacements that make up the fault, applied in this order.</summary>
    public required IReadOnlyList<Edit> Edits { get; init; }

    /// <summary>Gets what should notice it. They are tried in this order, and one is enough.</summary>
    public required IReadOnlyList<Detector> Detectors { get; init; }

    /// <summary>Applies all replacements to the sources that <paramref name="read"/> gives.</summary>
    /// <returns>The changed files with their new text, or <see langword="null"/> when a replacement does not apply.</returns>
    public IReadOnlyDictionary<string, string>? Apply(Func<string, string?> read, out string? fault)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Edit edit in Edits)
        {
            string? source = files.GetValueOrDefault(edit.File) ?? read(edit.File);
            if (source is null || !edit.TryApply(source, out string? changed))
            {
                fault = source is null ? $"{edit.File} does not exist" : $"the original text is not found exactly once in {edit.File}";
                return null;
            }

            files[edit.File] = changed;
        }

        fault = null;
        return files;
    }
}
