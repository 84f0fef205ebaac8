using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>The same verdict on a signature as the validation of Microsoft.IdentityModel, which looks at the whole token.</content>
internal sealed partial class SigningKeyTests
{
    private static readonly DateTimeOffset SomeTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>RFC 8017 section 9.2, note 1: what stands before a SHA-256 hash, and the same without the NULL that some leave out.</summary>
    private static readonly byte[][] Prefixes = [Convert.FromHexString("3031300D060960864801650304020105000420"), Convert.FromHexString("302F300B06096086480165030402010420")];

    [Test(Description = "Edge case 68: 2 000 tokens, most of them changed in one place at random")]
    public async Task HasSigned_RandomMutations_SameVerdictAsMicrosoftIdentityModel()
    {
        using var forge = new Forge();
        SigningKey key = CreateKey(forge, "RS256");
        TokenValidationParameters signatureOnly = Parameters(key);
        var handler = new JsonWebTokenHandler();
        var random = new Random(20260101);
        string[] good = [.. Enumerable.Range(0, 10).Select(_ => forge.Sign(SomeTime))];
        int accepted = 0;

        for (int number = 0; number < 2_000; number++)
        {
            string token = number % 5 == 0 ? good[random.Next(good.Length)] : Mutate(good, random);
            bool expected = (await handler.ValidateTokenAsync(token, signatureOnly)).IsValid;
            Assert.That(IsSigned(key, token), Is.EqualTo(expected), token);
            accepted += expected ? 1 : 0;
        }

        Assert.That(accepted, Is.InRange(400, 600), "both kinds are there");
    }

    [Test(Description = "Edge case 68: signatures by the right key over paddings that are none (RFC 8017 section 8.2.2)")]
    public async Task HasSigned_OddPaddings_SameVerdictAsMicrosoftIdentityModel()
    {
        using var rsa = RSA.Create(2048);
        RSAParameters secret = rsa.ExportParameters(includePrivateParameters: true);
        using var forge = new Forge(RSA.Create(secret));
        SigningKey key = CreateKey(forge, "RS256");
        TokenValidationParameters signatureOnly = Parameters(key);
        var handler = new JsonWebTokenHandler();
        string content = $"{Forge.Encode(forge.Header().ToJsonString())}.{Forge.Encode(Forge.Claims(SomeTime).ToJsonString())}";
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes(content));
        (string Name, byte[] Block, bool Expected)[] blocks =
        [
            ("sound", Pad([.. Prefixes[0], .. hash]), true),
            ("no NULL", Pad([.. Prefixes[1], .. hash]), false),
            ("block type 2", [0, 2, .. Pad([.. Prefixes[0], .. hash])[2..]], false),
            ("hash only", Pad(hash), false),
            ("garbage behind (CVE-2006-4339)", [.. Pad([.. Prefixes[0], .. hash], 200), .. new byte[56]], false),
            ("short padding", [.. new byte[100], .. Pad([.. Prefixes[0], .. hash], 156)], false),
            ("a zero in the padding", With(Pad([.. Prefixes[0], .. hash]), position: 50, 0), false),
            ("another hash", Pad([.. Prefixes[0], .. SHA256.HashData(hash)]), false),
            ("SHA-512 named", Pad([.. Convert.FromHexString("3051300D060960864801650304020305000440"), .. SHA512.HashData(Encoding.ASCII.GetBytes(content))]), false),
        ];

        foreach ((string name, byte[] block, bool expected) in blocks)
        {
            string token = $"{content}.{Base64Url.EncodeToString(SignBlock(block, secret))}";
            using (Assert.EnterMultipleScope())
            {
                Assert.That(IsSigned(key, token), Is.EqualTo(expected), name);
                Assert.That((await handler.ValidateTokenAsync(token, signatureOnly)).IsValid, Is.EqualTo(expected), name);
            }
        }
    }

    [Test(Description = "Edge case 68: the same number, once more the modulus")]
    public async Task HasSigned_SignatureBeyondTheModulus_SameVerdictAsMicrosoftIdentityModel()
    {
        using var rsa = RSA.Create(2048);
        using var forge = new Forge(RSA.Create(rsa.ExportParameters(includePrivateParameters: true)));
        SigningKey key = CreateKey(forge, "RS256");
        BigInteger modulus = Number(rsa.ExportParameters(includePrivateParameters: false).Modulus!);
        var handler = new JsonWebTokenHandler();
        int tried = 0;

        while (tried < 5)
        {
            string token = forge.Sign(SomeTime);
            int end = token.LastIndexOf('.') + 1;
            byte[] beyond = (Number(Base64Url.DecodeFromChars(token.AsSpan(end))) + modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
            if (beyond.Length == 256)
            {
                tried++;
                token = token[..end] + Base64Url.EncodeToString(beyond);
                Assert.That(IsSigned(key, token), Is.False);
                Assert.That((await handler.ValidateTokenAsync(token, Parameters(key))).IsValid, Is.False);
            }
        }
    }

    /// <summary>As the verifier does it: form first, then the one algorithm that is configured.</summary>
    private static bool IsSigned(SigningKey key, string token) =>
        CompactToken.TryParse(token.AsMemory()) is { Header: { Algorithm: "RS256" } header } && header.KeyId == key.KeyId && key.HasSigned(token, "RS256");

    private static TokenValidationParameters Parameters(SigningKey key) => new()
    {
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
        ValidAlgorithms = ["RS256"],
        TryAllIssuerSigningKeys = false,
        IssuerSigningKey = new RsaSecurityKey(key.Material.Parameters) { KeyId = key.KeyId },
    };

    /// <summary>Changes bytes and not letters, so that the form stays that of a token.</summary>
    private static string Mutate(string[] good, Random random)
    {
        byte[][] parts = [.. good[random.Next(good.Length)].Split('.').Select(part => Base64Url.DecodeFromChars(part))];
        int part = random.Next(3);
        int position = random.Next(parts[part].Length);
        parts[part] = random.Next(5) switch
        {
            0 => With(parts[part], position, (byte)(parts[part][position] ^ (1 << random.Next(8)))),
            1 => With(parts[part], position, (byte)(parts[part][position] + 1 + random.Next(255))),
            2 => [.. parts[part][..position], .. parts[part][(position + 1)..]],
            3 => [.. parts[part][..position], (byte)random.Next(256), .. parts[part][position..]],
            _ => Base64Url.DecodeFromChars(good.First(other => !other.EndsWith(Base64Url.EncodeToString(parts[2]), StringComparison.Ordinal)).Split('.')[2]),
        };
        return string.Join('.', parts.Select(bytes => Base64Url.EncodeToString(bytes)));
    }

    private static byte[] With(byte[] bytes, int position, byte value)
    {
        byte[] changed = [.. bytes];
        changed[position] = value;
        return changed;
    }

    /// <summary>RFC 8017 section 9.2: 00 01 FF ... FF 00 and the text.</summary>
    private static byte[] Pad(byte[] text, int length = 256) => [0, 1, .. Enumerable.Repeat((byte)0xFF, length - text.Length - 3), 0, .. text];

    private static byte[] SignBlock(byte[] block, RSAParameters secret)
    {
        byte[] signature = BigInteger.ModPow(Number(block), Number(secret.D!), Number(secret.Modulus!)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[256 - signature.Length], .. signature];
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
