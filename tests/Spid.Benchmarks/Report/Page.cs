namespace Spid.Benchmarks.Report;

/// <summary>A page whose words are written by hand and whose figures stand between marks, where each run puts its own.</summary>
internal sealed class Page(string path)
{
    private string _text = File.ReadAllText(path);

    /// <summary>Replaces what stands between <c>&lt;!-- figures: name --&gt;</c> and the next <c>&lt;!-- end --&gt;</c>.</summary>
    public void Fill(string name, string content)
    {
        string begin = $"<!-- figures: {name} -->";
        int start = _text.IndexOf(begin, StringComparison.Ordinal);
        if (start < 0)
        {
            throw new InvalidOperationException($"{path} has no place for the figures '{name}'.");
        }

        start += begin.Length;
        int end = _text.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
        _text = $"{_text[..start]}\n{content.ReplaceLineEndings("\n").TrimEnd()}\n{_text[end..]}";
    }

    public void Save() => File.WriteAllText(path, _text);
}
