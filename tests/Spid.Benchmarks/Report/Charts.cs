using ScottPlot;

namespace Spid.Benchmarks.Report;

/// <summary>Draws the charts of the page, on logarithmic axes where the figures differ by orders of magnitude.</summary>
internal sealed class Charts(string folder)
{
    private const int Width = 720;
    private const int RowHeight = 34;

    private static readonly Color Ours = Color.FromHex("#1f6feb");
    private static readonly Color Others = Color.FromHex("#9aa4b2");

    private readonly List<(string Label, (double X, double Y)[] Points)> _lines = [];

    /// <summary>Draws one bar for each row, the first on top.</summary>
    public void Bars(string name, string axis, IReadOnlyList<(string Label, double Value, string Text)> rows)
    {
        bool isLogarithmic = rows.Max(row => row.Value) > 30 * Math.Max(1, rows.Min(row => row.Value));
        using var plot = new Plot();
        for (int index = 0; index < rows.Count; index++)
        {
            (string label, double value, string text) = rows[index];
            double position = rows.Count - index;
            double length = isLogarithmic ? Log(value) : value;
            plot.Add.Bar(new Bar { Position = position, Value = length, Orientation = Orientation.Horizontal, FillColor = ColorOf(label), LineWidth = 0, Size = 0.7 });
            plot.Add.Text(" " + text, length, position).LabelAlignment = Alignment.MiddleLeft;
        }

        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, rows.Count).Select(index => (double)(rows.Count - index))], [.. rows.Select(row => row.Label)]);
        double longest = rows.Max(row => isLogarithmic ? Log(row.Value) : row.Value);
        plot.Axes.SetLimits(0, longest * 1.2, 0.4, rows.Count + 0.6);
        if (isLogarithmic)
        {
            SetDecades(plot.Axes.Bottom, longest);
        }

        plot.XLabel(axis);
        plot.Axes.Bottom.Label.Bold = false;
        plot.HideGrid();
        plot.SaveSvg(PathOf(name), Width, 90 + (rows.Count * RowHeight));
    }

    /// <summary>Notes a line for the next chart of lines.</summary>
    public void AddLine(string label, (double X, double Y)[] points) => _lines.Add((label, points));

    public void Lines(string name, string horizontal, string vertical)
    {
        using var plot = new Plot();
        foreach ((string label, (double X, double Y)[] points) in _lines)
        {
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(points.Select(point => Log(point.X)).ToArray(), points.Select(point => Log(point.Y)).ToArray());
            line.LegendText = label;
            line.LineWidth = 2;
        }

        SetDecades(plot.Axes.Bottom, 5);
        SetDecades(plot.Axes.Left, 7);
        plot.Axes.SetLimits(-0.2, 5.2, 0, 7);
        plot.XLabel(horizontal);
        plot.YLabel(vertical);
        (plot.Axes.Bottom.Label.Bold, plot.Axes.Left.Label.Bold) = (false, false);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SaveSvg(PathOf(name), Width, 420);
        _lines.Clear();
    }

    private static double Log(double value) => Math.Log10(Math.Max(value, 1));

    private static Color ColorOf(string label) => label.StartsWith("Spid", StringComparison.Ordinal) ? Ours : Others;

    private static void SetDecades(IAxis axis, double last)
    {
        double[] powers = [.. Enumerable.Range(0, (int)last + 1).Select(power => (double)power)];
        axis.SetTicks(powers, [.. powers.Select(power => Text.Count(Math.Pow(10, power)))]);
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".svg");
}
