using System.Xml.Linq;

namespace Spid.Gate.Results;

/// <summary>Prints the totals of all test projects as one line, and fails when a test failed or none ran.</summary>
internal static class TotalsCommand
{
    public static int Run(string results)
    {
        Totals totals = default;
        foreach (string file in Directory.GetFiles(results, "*.trx", SearchOption.AllDirectories))
        {
            using FileStream stream = File.OpenRead(file);
            totals += Totals.Read(XDocument.Load(stream));
        }

        Console.WriteLine(totals);
        return totals is { Failed: 0, Passed: > 0 } ? 0 : 1;
    }
}
