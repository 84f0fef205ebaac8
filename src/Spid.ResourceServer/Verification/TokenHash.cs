using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Verification;

/// <summary>Stands for a token wherever it is remembered: 32 bytes of a keyed SHA-256, from which the token cannot be recovered.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TokenHash : IEquatable<TokenHash>
{
    public const int Size = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    public TokenHash(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    public bool Equals(TokenHash other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    public override bool Equals(object? obj) => obj is TokenHash other && Equals(other);

    /// <summary>The key of the hash is secret, so tokens with colliding hash codes cannot be chosen.</summary>
    public override int GetHashCode() => (int)_first;

    /// <summary>Gives the first 8 hexadecimal digits, enough to follow one token through a log.</summary>
    public override string ToString() => (_first >> 32).ToString("x8", CultureInfo.InvariantCulture);
}
