using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Keys;

/// <summary>What to do about a key id that the key set at hand does not have: answer at once, or wait for a fetch.</summary>
/// <param name="Answer">The answer when there is no fetch to wait for.</param>
/// <param name="Fetch">The fetch to wait for.</param>
/// <param name="Starts">Whether the caller must run the fetch.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyStep(KeyLookup Answer, SharedFetch? Fetch = null, bool Starts = false)
{
    public static KeyStep Join(SharedFetch fetch) => new(default, fetch);

    public static KeyStep Run(SharedFetch fetch) => new(default, fetch, Starts: true);
}
