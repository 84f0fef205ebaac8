using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Keys;

/// <summary>The result of looking for a key id.</summary>
/// <param name="Outcome">What is known of it.</param>
/// <param name="Key">The key, if it was found.</param>
/// <param name="RetryAfter">How long it takes until a fetch may tell more, if that is known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyLookup(KeyOutcome Outcome, SigningKey? Key = null, TimeSpan? RetryAfter = null)
{
    public static KeyLookup Absent => new(KeyOutcome.Absent);

    public static KeyLookup Found(SigningKey key) => new(KeyOutcome.Found, key);

    public static KeyLookup Undecided(TimeSpan wait) => new(KeyOutcome.Undecided, RetryAfter: wait);

    public static KeyLookup NoKeySet(TimeSpan? wait) => new(KeyOutcome.NoKeySet, RetryAfter: wait > TimeSpan.Zero ? wait : null);
}
