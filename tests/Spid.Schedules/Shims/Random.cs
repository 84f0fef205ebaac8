// The namespace makes it the nearest Random for all sources under Spid.
namespace Spid;

/// <summary>Stands for the platform's in this build: a schedule that is replayed must meet the same jitter.</summary>
internal sealed class Random
{
    private readonly double _value = 0.5;

    public static Random Shared { get; } = new();

    public double NextDouble() => _value;
}
