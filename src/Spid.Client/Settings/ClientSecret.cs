using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Spid.Client.Settings;

/// <summary>A secret that shows itself to nobody who does not ask by name.</summary>
[DebuggerDisplay("(secret)")]
internal sealed class ClientSecret(string value) : IEquatable<ClientSecret>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value = value;

    public string Reveal() => _value;

    public bool Equals(ClientSecret? other) => other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    public override bool Equals(object? obj) => Equals(obj as ClientSecret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "(secret)";
}
