using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Names and seals what goes into a store that others can read and write: names are HMACs and values AES-GCM, under keys that follow from
/// the client secret. Access to the store alone is not enough to read an answer, to add one, or to move one to another token.
/// </summary>
internal sealed class SealedAnswers
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int TimesSize = 2 * sizeof(long);

    private readonly byte[] _nameKey;
    private readonly byte[] _sealKey;

    public SealedAnswers(VerifierSettings settings)
    {
        string scope = $"{settings.Name}\n{settings.IntrospectionEndpoint.AbsoluteUri}\n{settings.LookUpEndpoint.AbsoluteUri}\n{settings.ClientId}";
        byte[] secret = Encoding.UTF8.GetBytes(settings.Secret!.Reveal());
        _nameKey = Derive(secret, "spid introspection names v1", scope);
        _sealKey = Derive(secret, "spid introspection values v1", scope);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Names an entry; the kind keeps tokens and clients of the same text apart.</summary>
    public string NameOf(string kind, string text) =>
        $"spid:introspection:{Base64Url.EncodeToString(HMACSHA256.HashData(_nameKey, Encoding.UTF8.GetBytes($"{kind}\n{text}")))}";

    public byte[] Seal(string name, SharedAnswer answer)
    {
        byte[] plain = new byte[TimesSize + answer.Body.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, answer.AskedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(sizeof(long)), answer.GoodUntil.ToUnixTimeMilliseconds());
        answer.Body.CopyTo(plain.AsMemory(TimesSize));

        byte[] packed = new byte[1 + NonceSize + TagSize + plain.Length];
        packed[0] = Version;
        Span<byte> nonce = packed.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_sealKey, TagSize);
        cipher.Encrypt(nonce, plain, packed.AsSpan(1 + NonceSize + TagSize), packed.AsSpan(1 + NonceSize, TagSize), Encoding.ASCII.GetBytes(name));
        return packed;
    }

    /// <summary>Opens a value, or gives <see langword="null"/> for one that this secret has not sealed for this name.</summary>
    public SharedAnswer? Open(string name, byte[] packed)
    {
        if (packed.Length < 1 + NonceSize + TagSize + TimesSize || packed[0] != Version)
        {
            return null;
        }

        byte[] plain = new byte[packed.Length - 1 - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(_sealKey, TagSize);
            cipher.Decrypt(packed.AsSpan(1, NonceSize), packed.AsSpan(1 + NonceSize + TagSize), packed.AsSpan(1 + NonceSize, TagSize), plain, Encoding.ASCII.GetBytes(name));
        }
        catch (CryptographicException)
        {
            return null;
        }

        return new SharedAnswer(
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain)),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(sizeof(long)))),
            plain.AsMemory(TimesSize));
    }

    private static byte[] Derive(byte[] secret, string purpose, string scope) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, salt: Encoding.UTF8.GetBytes(scope), info: Encoding.ASCII.GetBytes(purpose));
}
