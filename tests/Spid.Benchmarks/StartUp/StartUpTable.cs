using Spid.Benchmarks.Report;

namespace Spid.Benchmarks.StartUp;

/// <summary>Start-up to the first token, and what has to be shipped for it.</summary>
internal static class StartUpTable
{
    private static readonly (string Subject, string Label)[] Subjects =
    [
        ("Nothing", "no token, an `HttpClient` (the limit)"),
        ("Duende", "Duende.IdentityModel, bare"),
        ("Spid", "Spid.Client"),
        ("Msal", "MSAL.NET"),
    ];

    public static Table Create(Charts charts)
    {
        var table = new Table("a program that obtains one token", "Native AOT: start to end", "size", "framework-dependent: start to end", "size");
        var rows = new List<(string, double, string)>();
        foreach ((string subject, string label) in Subjects)
        {
            var native = Launch.Measure(subject, native: true);
            var managed = Launch.Measure(subject, native: false);
            table.Add(label, Text.Time(native.Nanoseconds), Text.Megabytes(native.Bytes), Text.Time(managed.Nanoseconds), Text.Megabytes(managed.Bytes));
            rows.Add((label.Replace("`", "", StringComparison.Ordinal), native.Nanoseconds / 1_000_000, Text.Time(native.Nanoseconds)));
        }

        charts.Bars("start-up", "milliseconds from start to end, Native AOT", rows);
        return table;
    }
}
