namespace Spid.Benchmarks.Report;

/// <summary>A page whose words are written by hand and whose figures stand between marks, where each run puts its own.</summary>
internal sealed class Page(string path)
{
    /// <summary>Replaces what stands between <c>&lt;!-- figures: name --&gt;</c> and the next <c>&lt;!-- end --&gt;</c>.</summary>
    public void Fill(string name, string content)
    {
        string text = File.ReadAllText(path);
        string begin = $"<!-- figures: {name} -->";
        int start = text.IndexOf(begin, StringComparison.Ordinal);
        if (start < 0)
        {
            throw new InvalidOperationException($"{path} has no place for the figures '{name}'.");
        }

        start += begin.Length;
        int end = text.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
        File.WriteAllText(path, $"{text[..start]}\n{content.ReplaceLineEndings("\n").TrimEnd()}\n{text[end..]}");
    }
}
