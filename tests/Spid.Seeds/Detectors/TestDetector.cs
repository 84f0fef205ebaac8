namespace Spid.Seeds.Detectors;

/// <summary>Tests of one project.</summary>
/// <param name="Assembly">The name of the project.</param>
/// <param name="Names">Parts of the full names of the tests; those that contain one of them run.</param>
internal sealed record TestDetector(string Assembly, IReadOnlyList<string> Names) : Detector
{
    public override string Project => $"tests/{Assembly}";

    /// <summary>Gets the names of several detectors as one filter of the test platform.</summary>
    public static string FilterOf(IEnumerable<string> names) => string.Join('|', names.Distinct(StringComparer.Ordinal).Select(name => $"FullyQualifiedName~{name}"));

    public override string ToString() => $"{Assembly}: {string.Join(", ", Names)}";
}
