using System.Globalization;
using Spid.Seeds.Catalog;

namespace Spid.Seeds.Running;

/// <summary>What became of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Outcome">How its run ended.</param>
/// <param name="Explanation">What found it, or why it could not be tried.</param>
/// <param name="Elapsed">How long it took, the build included.</param>
internal sealed record SeedResult(Seed Seed, SeedOutcome Outcome, string Explanation, TimeSpan Elapsed)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Word(Outcome),-13} {Seed.Name,-36} {Elapsed.TotalSeconds,6:0.0} s  {Explanation}");

    /// <summary>Counts the outcomes; those that should not occur are mentioned only when they do.</summary>
    public static string Summarize(IReadOnlyCollection<SeedResult> results)
    {
        SeedOutcome[] usual = [SeedOutcome.Found, SeedOutcome.Missed];
        return string.Join(", ", Enum.GetValues<SeedOutcome>()
            .Select(outcome => (Outcome: outcome, Count: results.Count(result => result.Outcome == outcome)))
            .Where(part => part.Count > 0 || usual.Contains(part.Outcome))
            .Select(part => $"{part.Count} {Word(part.Outcome)}"));
    }

    private static string Word(SeedOutcome outcome) => outcome switch
    {
        SeedOutcome.Found => "found",
        SeedOutcome.Missed => "missed",
        SeedOutcome.OutOfDate => "out of date",
        SeedOutcome.NotCompiling => "not compiling",
        _ => "not tested",
    };
}
