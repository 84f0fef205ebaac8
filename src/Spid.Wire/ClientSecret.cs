using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Spid.Wire;

/// <summary>A secret that is readable through an explicitly named member only.</summary>
[DebuggerDisplay("(secret)")]
internal sealed class ClientSecret(string value) : IEquatable<ClientSecret>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value = value;

    public string Reveal() => _value;

    public bool Equals(ClientSecret? other) => other is not null
        && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(_value.AsSpan()), MemoryMarshal.AsBytes(other._value.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as ClientSecret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "(secret)";
}
