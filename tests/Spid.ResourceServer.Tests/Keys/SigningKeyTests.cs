using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>One key and its signatures.</summary>
internal sealed partial class SigningKeyTests
{
    [Test]
    public async Task HasSigned_ManyThreadsAtOnce_NoVerdictIsMixedUp()
    {
        using var forge = new Forge();
        using var forger = new Forge { KeyId = forge.KeyId };
        SigningKey key = CreateKey(forge, "RS256");
        DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        string[] good = [.. Enumerable.Range(0, 20).Select(_ => forge.Sign(now))];
        string[] bad = [.. Enumerable.Range(0, 20).Select(_ => forger.Sign(now))];

        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), (number, _) =>
        {
            bool isGood = number % 2 == 0;
            if (key.HasSigned((isGood ? good : bad)[number % 20], "RS256") != isGood)
            {
                throw new AssertionException($"Token {number} was judged wrongly.");
            }

            return default;
        });
    }

    [TestCase("RS256", "RS256", true)]
    [TestCase(null, "RS256", true)]
    [TestCase("RS512", "RS256", false)]
    public void HasSigned_KeyNamesAnAlgorithm_NoOtherIsTaken(string? keyAlgorithm, string tokenAlgorithm, bool expected)
    {
        using var forge = Forge.CreateUsual();

        Assert.That(CreateKey(forge, keyAlgorithm).HasSigned(forge.Sign(DateTimeOffset.UnixEpoch), tokenAlgorithm), Is.EqualTo(expected));
    }

    [TestCase("RS384")]
    [TestCase("RS512")]
    [TestCase("PS256")]
    public void HasSigned_ConfiguredAlgorithm_IsVerified(string algorithm)
    {
        using var forge = Forge.CreateUsual();
        HashAlgorithmName hash = algorithm switch { "RS384" => HashAlgorithmName.SHA384, "RS512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        string token = forge.SignWith($$"""{"alg":"{{algorithm}}"}""", "{}", hash, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

        Assert.That(CreateKey(forge, null).HasSigned(token, algorithm), Is.True);
        Assert.That(CreateKey(forge, null).HasSigned(token, "RS256"), Is.False);
    }

    private static SigningKey CreateKey(Forge forge, string? algorithm)
    {
        var key = forge.Key();
        var parameters = new RSAParameters { Modulus = Base64Url.DecodeFromChars((string)key["n"]!), Exponent = Base64Url.DecodeFromChars((string)key["e"]!) };
        return new SigningKey(forge.KeyId, algorithm, new RsaSecurityKey(parameters) { KeyId = forge.KeyId });
    }
}
