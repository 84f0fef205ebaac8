using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Spid.ResourceServer.Verification;

/// <summary>Hashes tokens with a key that is drawn at random and never leaves the process: a dump of the cache says nothing.</summary>
/// <remarks>
/// SHA-256 of the token between two copies of the key (an envelope, as MACs were before HMAC): nothing can be appended to what was hashed. HMAC takes
/// twice the time here, most of it to set up, and this is paid for each request.
/// </remarks>
internal sealed class TokenHasher
{
    /// <summary>One block of SHA-256.</summary>
    private const int KeyLength = 64;
    private const int OnStack = 2_048;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyLength);

    /// <summary>The token has ASCII characters only: <see cref="TokenSyntax"/> has seen to that.</summary>
    public TokenHash Hash(ReadOnlySpan<char> token)
    {
        int length = KeyLength + token.Length + KeyLength;
        if (length <= OnStack)
        {
            Span<byte> bytes = stackalloc byte[OnStack];
            return Hash(token, bytes[..length]);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return Hash(token, rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private TokenHash Hash(ReadOnlySpan<char> token, Span<byte> bytes)
    {
        _key.CopyTo(bytes);
        Encoding.ASCII.GetBytes(token, bytes[KeyLength..]);
        _key.CopyTo(bytes[^KeyLength..]);
        Span<byte> hash = stackalloc byte[TokenHash.Size];
        SHA256.HashData(bytes, hash);
        return new TokenHash(hash);
    }
}
