using ScottPlot;

namespace Spid.Benchmarks.Report;

/// <summary>Draws the charts of the page.</summary>
internal sealed class Charts(string folder)
{
    private const int Width = 720;
    private const int RowHeight = 34;

    private static readonly Color Ours = Color.FromHex("#1f6feb");
    private static readonly Color Others = Color.FromHex("#9aa4b2");

    /// <summary>Draws one bar for each row, the first on top, on a logarithmic axis, for they differ by orders of magnitude.</summary>
    public void Bars(string name, string axis, IReadOnlyList<(string Label, double Value, string Text)> rows)
    {
        using var plot = new Plot();
        for (int index = 0; index < rows.Count; index++)
        {
            (string label, double value, string text) = rows[index];
            double position = rows.Count - index;
            ScottPlot.Plottables.BarPlot bar = plot.Add.Bar(position, Math.Log10(Math.Max(value, 1)));
            bar.Horizontal = true;
            bar.Bars[0].Orientation = Orientation.Horizontal;
            bar.Bars[0].FillColor = label.StartsWith("Spid", StringComparison.Ordinal) ? Ours : Others;
            bar.Bars[0].LineWidth = 0;
            bar.Bars[0].Size = 0.7;
            plot.Add.Text(" " + text, Math.Log10(Math.Max(value, 1)), position).LabelAlignment = Alignment.MiddleLeft;
        }

        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, rows.Count).Select(index => (double)(rows.Count - index))], [.. rows.Select(row => row.Label)]);
        double highest = Math.Ceiling(rows.Max(row => Math.Log10(Math.Max(row.Value, 1))) + 0.6);
        plot.Axes.SetLimits(0, highest, 0.4, rows.Count + 0.6);
        double[] decades = [.. Enumerable.Range(0, (int)highest + 1).Select(power => (double)power)];
        plot.Axes.Bottom.SetTicks(decades, [.. decades.Select(power => Report.Text.Count(Math.Pow(10, power)))]);
        plot.XLabel(axis);
        plot.HideGrid();
        plot.SaveSvg(Path.Combine(folder, name + ".svg"), Width, 90 + (rows.Count * RowHeight));
    }
}
