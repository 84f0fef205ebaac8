using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Spid.ResourceServer.Verification;

/// <summary>Hashes tokens with a key that is drawn at random and never leaves the process: a dump of the cache says nothing.</summary>
internal sealed class TokenHasher
{
    private const int OnStack = 2_048;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(64);

    /// <summary>The token has ASCII characters only: <see cref="TokenSyntax"/> has seen to that.</summary>
    public TokenHash Hash(ReadOnlySpan<char> token)
    {
        if (token.Length <= OnStack)
        {
            Span<byte> bytes = stackalloc byte[OnStack];
            return Hash(token, bytes[..token.Length]);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            return Hash(token, rented.AsSpan(0, token.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private TokenHash Hash(ReadOnlySpan<char> token, Span<byte> bytes)
    {
        Encoding.ASCII.GetBytes(token, bytes);
        Span<byte> hash = stackalloc byte[TokenHash.Size];
        HMACSHA256.HashData(_key, bytes, hash);
        return new TokenHash(hash);
    }
}
