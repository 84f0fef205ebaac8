using System.Runtime.InteropServices;

namespace Spid.Client.Tokens;

/// <summary>A point in time by two clocks, each in milliseconds.</summary>
/// <param name="Monotonic">The clock that never steps; it stands still while the machine is suspended.</param>
/// <param name="Wall">The Unix time by the local clock, which steps when it is set.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(long Monotonic, long Wall)
{
    /// <summary>
    /// Gets the time since an earlier moment by the clock that saw more of it pass: a suspended machine and a wall clock that was set back
    /// make nothing younger.
    /// </summary>
    public long Since(Moment earlier) => Math.Max(Monotonic - earlier.Monotonic, Wall - earlier.Wall);
}
