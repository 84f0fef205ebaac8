using System.Runtime.InteropServices;
using Spid.Client;

namespace Spid.ResourceServer.Keys;

/// <summary>The result of looking for a key id. When all of it is <see langword="null"/>, a fetch has shown that there is no such key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Error">Why there is no key set at all.</param>
/// <param name="Wait">There is a key set, but it may be too old to have the key; how long it takes until a fetch may tell.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyLookup(SigningKey? Key, SpidException? Error = null, TimeSpan? Wait = null);
