using System.Text;

namespace Spid.Benchmarks.Report;

/// <summary>A table in Markdown.</summary>
internal sealed class Table(params string[] columns)
{
    private readonly StringBuilder _text = new StringBuilder()
        .AppendLine($"| {string.Join(" | ", columns)} |")
        .AppendLine($"|{string.Concat(columns.Select((_, index) => index == 0 ? "---|" : "---:|"))}");

    public void Add(params string[] cells) => _text.AppendLine($"| {string.Join(" | ", cells)} |");

    public override string ToString() => _text.ToString();
}
