namespace Spid.Seeds.Running;

/// <summary>What a detector says of the sources in a copy.</summary>
/// <param name="Outcome">Whether it noticed a fault; <see cref="SeedOutcome.NotTested"/> when it could not run.</param>
/// <param name="Explanation">What noticed it, or why the detector could not run.</param>
internal sealed record Detection(SeedOutcome Outcome, string Explanation)
{
    public static Detection Nothing { get; } = new(SeedOutcome.Missed, "");

    public static Detection Found(string by) => new(SeedOutcome.Found, by);

    public static Detection Impossible(string reason) => new(SeedOutcome.NotTested, reason);
}
