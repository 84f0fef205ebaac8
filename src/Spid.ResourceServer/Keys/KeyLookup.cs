using System.Runtime.InteropServices;
using Spid.Client;

namespace Spid.ResourceServer.Keys;

/// <summary>What came of looking for a key id.</summary>
/// <param name="Key">The key.</param>
/// <param name="Error">Why it cannot be said whether there is such a key. When this and <paramref name="Key"/> are <see langword="null"/>, there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyLookup(SigningKey? Key, SpidException? Error);
