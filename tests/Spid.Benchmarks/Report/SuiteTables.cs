using System.Globalization;

namespace Spid.Benchmarks.Report;

/// <summary>The tables that come from the suites of BenchmarkDotNet.</summary>
internal static class SuiteTables
{
    /// <summary>One request, and what it costs beyond the same pipeline without a token.</summary>
    public static Table Hit(Measured[] suite, Charts charts)
    {
        Measured plain = Find(suite, "NoHandler");
        Measured azure = Find(suite, "AzureCore_NoPolicy");
        (string Label, Measured Own, Measured Without)[] rows =
        [
            ("a constant header (the limit)", Find(suite, "ConstantHeader"), plain),
            ("Spid.Client", Find(suite, "Spid"), plain),
            ("Spid.Client, `WithSpidToken` of a kept `TokenRequest`", Find(suite, "Spid_KeptTokenRequest"), plain),
            ("Spid.Client, `WithSpidScope`", Find(suite, "Spid_ScopeOfTheRequest"), plain),
            ("Azure.Core, bearer policy", Find(suite, "AzureCore"), azure),
            ("MSAL.NET in a handler", Find(suite, "Msal"), plain),
        ];
        var table = new Table("a request with a cached token", "whole", "for the token", "bytes", "for the token");
        foreach ((string label, Measured own, Measured without) in rows)
        {
            table.Add(label, Text.Time(own.Nanoseconds), Text.Time(own.Nanoseconds - without.Nanoseconds), Text.Bytes(own.Bytes), Text.Bytes(own.Bytes - without.Bytes));
        }

        charts.Bars("hit", "bytes for the token of one request", [.. rows.Select(row => (Plain(row.Label), row.Own.Bytes - row.Without.Bytes, Text.Bytes(row.Own.Bytes - row.Without.Bytes)))]);
        return table;
    }

    /// <summary>The time of a lookup among so many tokens.</summary>
    public static Table Keys(Measured[] suite, Charts charts)
    {
        string[] keys = [.. suite.Select(measured => measured.Parameter).Distinct()];
        var table = new Table([.. keys.Select(key => Text.Count(double.Parse(key, CultureInfo.InvariantCulture))).Prepend("tokens in the cache"), "bytes"]);
        foreach ((string label, string method) in new[]
        {
            ("Spid.Client, the default token", "Default"),
            ("Spid.Client, a kept `TokenRequest`", "Kept"),
            ("Spid.Client, a new `TokenRequest`", "New"),
            ("MSAL.NET", "Msal"),
        })
        {
            Measured?[] row = [.. keys.Select(key => suite.SingleOrDefault(measured => measured.Name == method && measured.Parameter == key))];
            charts.AddLine(Plain(label), [.. row.OfType<Measured>().Select(measured => (double.Parse(measured.Parameter, CultureInfo.InvariantCulture), measured.Nanoseconds))]);
            table.Add([label, .. row.Select(measured => measured is null ? "not measured" : Text.Time(measured.Nanoseconds)), BytesOf([.. row.OfType<Measured>()])]);
        }

        charts.Lines("keys", "tokens in the cache", "nanoseconds of a lookup");
        return table;
    }

    public static Table Threads(Measured[] suite)
    {
        var table = new Table("cached tokens a second", "one thread", "two threads", "gain");
        foreach ((string label, string method) in new[] { ("Spid.Client", "Spid"), ("MSAL.NET", "Msal") })
        {
            double one = PerSecond(suite.Single(measured => measured.Name == method && measured.Parameter == "1"));
            double two = PerSecond(suite.Single(measured => measured.Name == method && measured.Parameter == "2"));
            table.Add(label, Text.Count(one), Text.Count(two), Text.Times(two / one));
        }

        return table;
    }

    public static Table Cold(Measured[] suite, Charts charts)
    {
        (string Label, Measured Own)[] rows =
        [
            ("Duende.IdentityModel, bare", Find(suite, "DuendeIdentityModel")),
            ("Spid.Client", Find(suite, "Spid")),
            ("MSAL.NET", Find(suite, "Msal")),
            ("OpenIddict.Client", Find(suite, "OpenIddictClient")),
        ];
        var table = new Table("a token from the endpoint", "time", "bytes");
        foreach ((string label, Measured own) in rows)
        {
            table.Add(label, Text.Time(own.Nanoseconds), Text.Bytes(own.Bytes));
        }

        charts.Bars("cold", "bytes of one token request", [.. rows.Select(row => (row.Label, row.Own.Bytes, Text.Bytes(row.Own.Bytes)))]);
        return table;
    }

    /// <summary>One authenticated request, and what it costs beyond a scheme that does nothing.</summary>
    public static Table Verification(Measured[] suite, Charts charts)
    {
        Measured nothing = Find(suite, "Nothing");
        (string Label, Measured Own)[] rows =
        [
            ("Spid.AspNetCore, remembered token", Find(suite, "Spid")),
            ("JwtBearer", Find(suite, "JwtBearer")),
            ("Spid.AspNetCore, new token, by signature", Find(suite, "Spid_BySignature")),
            ("OpenIddict.Validation, by signature", Find(suite, "OpenIddict_BySignature")),
            ("Spid.AspNetCore, new token, by introspection", Find(suite, "Spid_ByIntrospection")),
            ("OpenIddict.Validation, by introspection", Find(suite, "OpenIddict_ByIntrospection")),
        ];
        var table = new Table("an authenticated request", "whole", "for the token", "bytes", "for the token");
        table.Add("a scheme that does nothing (the limit)", Text.Time(nothing.Nanoseconds), "", Text.Bytes(nothing.Bytes), "");
        foreach ((string label, Measured own) in rows)
        {
            table.Add(label, Text.Time(own.Nanoseconds), Text.Time(own.Nanoseconds - nothing.Nanoseconds), Text.Bytes(own.Bytes), Text.Bytes(own.Bytes - nothing.Bytes));
        }

        charts.Bars("verification", "nanoseconds for the token of one request", [.. rows.Select(row => (row.Label, row.Own.Nanoseconds - nothing.Nanoseconds, Text.Time(row.Own.Nanoseconds - nothing.Nanoseconds)))]);
        return table;
    }

    private static Measured Find(Measured[] suite, string name) => suite.Single(measured => measured.Name == name);

    private static double PerSecond(Measured measured) => 1e9 / measured.Nanoseconds;

    private static string BytesOf(Measured[] row)
    {
        double least = row.Min(measured => measured.Bytes);
        double most = row.Max(measured => measured.Bytes);
        return least == most ? Text.Bytes(least) : $"{Text.Bytes(least)} to {Text.Bytes(most)}";
    }

    private static string Plain(string label) => label.Replace("`", "", StringComparison.Ordinal);
}
