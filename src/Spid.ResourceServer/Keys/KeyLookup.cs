using System.Runtime.InteropServices;
using Spid.Client;

namespace Spid.ResourceServer.Keys;

/// <summary>What came of looking for a key id. When all of it is <see langword="null"/>, there is no such key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Error">Why there is no key set to look at, or none that is new enough.</param>
/// <param name="Wait">How long it takes until a fetch may tell whether there is such a key.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyLookup(SigningKey? Key, SpidException? Error = null, TimeSpan? Wait = null);
