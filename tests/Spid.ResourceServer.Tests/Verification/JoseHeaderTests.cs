using System.Text.Json;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>What a header asks for (RFC 7515 section 4.1).</summary>
internal sealed class JoseHeaderTests
{
    [Test]
    public void TryRead_AlgorithmOnly_IsSupportedAndOfAccessTokenType() =>
        Assert.That(Read("""{"alg":"RS256"}"""), Is.EqualTo(new JoseHeader("RS256", null, IsSupported: true, IsOfAccessTokenType: true)));

    [TestCase("{}")]
    [TestCase("""{"alg":null}""")]
    [TestCase("""{"alg":7}""")]
    [TestCase("""{"alg":["RS256"]}""")]
    [TestCase("""{"alg":{"RS256":1}}""")]
    [TestCase("""{"alg":true}""")]
    [TestCase("""{"alg":"\udc00"}""")]
    [TestCase("""{"Alg":"RS256"}""")]
    public void TryRead_AlgorithmMissingOrNoText_IsNull(string header) => Assert.That(Read(header), Is.Null);

    [TestCase("\"k\"", "k", true)]
    [TestCase("\"\"", "", true)]
    [TestCase("null", null, false)]
    [TestCase("7", null, false)]
    [TestCase("[\"k\"]", null, false)]
    [TestCase("{}", null, false)]
    [TestCase("\"\\ud800\"", null, false)]
    public void TryRead_KeyId_IsAKeyIdOnlyWhenItIsText(string json, string? expected, bool isSupported)
    {
        JoseHeader header = Read($$"""{"alg":"RS256","kid":{{json}}}""")!;

        Assert.That((header.KeyId, header.IsSupported), Is.EqualTo((expected, isSupported)));
    }

    [TestCase("\"crit\":[\"exp\"]")]
    [TestCase("\"crit\":[]")]
    [TestCase("\"crit\":null")]
    [TestCase("\"b64\":false")]
    [TestCase("\"b64\":true")]
    [TestCase("\"zip\":\"DEF\"")]
    [TestCase("\"zip\":null")]
    [TestCase("\"enc\":\"A128GCM\"")]
    [TestCase("\"enc\":null")]
    [Test(Description = "RFC 7515 section 4.1.11, RFC 7797, RFC 7516 section 4.1: whatever the value")]
    public void TryRead_MemberThatChangesTheMeaning_IsNotSupported(string member) =>
        Assert.That(Read($$"""{"alg":"RS256","kid":"k",{{member}}}""")!.IsSupported, Is.False);

    [Test(Description = "RFC 8725 section 3.10: keys that a token brings along count for nothing")]
    public void TryRead_KeysAndAddressesOfKeys_AreIgnored() =>
        Assert.That(
            Read("""{"alg":"RS256","jwk":{"kty":"oct","k":"AA"},"jku":"https://a.example","x5u":"https://a.example","x5c":["AA"],"x5t":"AA","cty":"JWT"}"""),
            Is.EqualTo(new JoseHeader("RS256", null, IsSupported: true, IsOfAccessTokenType: true)));

    [TestCase("\"JWT\"", true)]
    [TestCase("\"jwt\"", true)]
    [TestCase("\"JWS\"", true)]
    [TestCase("\"jws\"", true)]
    [TestCase("\"at+jwt\"", true)]
    [TestCase("\"AT+JWT\"", true)]
    [TestCase("\"application/at+jwt\"", true)]
    [TestCase("\"Application/AT+jwt\"", true)]
    [TestCase("\"application/jwt\"", false)]
    [TestCase("\"JOSE\"", false)]
    [TestCase("\"id+jwt\"", false)]
    [TestCase("\"logout+jwt\"", false)]
    [TestCase("\"dpop+jwt\"", false)]
    [TestCase("\"\"", false)]
    [TestCase("\" JWT\"", false)]
    [TestCase("null", false)]
    [TestCase("7", false)]
    [TestCase("[\"JWT\"]", false)]
    [TestCase("\"\\ud800\"", false)]
    [Test(Description = "RFC 9068 section 2.1; letter case as for media types")]
    public void TryRead_Type_IsOneOfFourInAnyLetterCase(string json, bool expected)
    {
        JoseHeader header = Read($$"""{"alg":"RS256","typ":{{json}}}""")!;

        Assert.That((header.IsOfAccessTokenType, header.IsSupported), Is.EqualTo((expected, true)));
    }

    private static JoseHeader? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JoseHeader.TryRead(document.RootElement);
    }
}
