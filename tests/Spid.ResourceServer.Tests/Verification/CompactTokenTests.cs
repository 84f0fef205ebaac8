using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Which texts are JWTs in compact form (RFC 7519 section 3).</summary>
internal sealed class CompactTokenTests
{
    private const string GoodHeader = """{"alg":"RS256","kid":"k"}""";

    private static readonly string Header = Forge.Encode(GoodHeader);

    [Test]
    public void TryParse_ThreeParts_GivesHeaderAndPayload()
    {
        string text = $"{Header}.{Forge.Encode("""{"iss":"i"}""")}.AAAA";

        CompactToken token = TryParse(text)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Header.Algorithm, token.Header.KeyId), Is.EqualTo(("RS256", "k")));
            Assert.That(token.Text, Is.EqualTo(text));
            Assert.That(text.Substring(token.PayloadStart, token.PayloadLength), Is.EqualTo(text.Split('.')[1]));
            Assert.That(token.ReadPayload()?.GetProperty("iss").GetString(), Is.EqualTo("i"));
        }
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("...")]
    [TestCase("{0}")]
    [TestCase("{0}.e30")]
    [TestCase("{0}..AAAA")]
    [TestCase(".e30.AAAA")]
    [TestCase("{0}.e30.AAAA.AAAA")]
    [TestCase("{0}.e30.AAAA.")]
    [TestCase(".{0}.e30.AAAA")]
    [TestCase("{0}.e30.AAAA.AAAA.AAAA")]
    public void TryParse_OtherNumberOfPartsOrAnEmptyOne_IsNull(string form) =>
        Assert.That(TryParse(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Header)), Is.Null);

    [TestCase("{0}.e30.", false)]
    [TestCase("{0}.e30.AAAA", true)]
    [Description("RFC 7519 section 6: a JWT without a signature ends with the second dot")]
    public void TryParse_SignatureOrNone_IsAJwt(string form, bool expected) =>
        Assert.That(TryParse(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Header))?.HasSignature, Is.EqualTo(expected));

    [TestCase("a.b.c.d.e", true)]
    [TestCase("....", true)]
    [TestCase("a.b.c.d", false)]
    [TestCase("a.b.c", false)]
    [TestCase("a.b.c.d.e.f", false)]
    [TestCase("", false)]
    [Test(Description = "RFC 7516 section 3.1")]
    public void IsEncrypted_Parts_FiveAre(string text, bool expected) => Assert.That(CompactToken.IsEncrypted(text), Is.EqualTo(expected));

    [TestCase("AAA=", Description = "padding")]
    [TestCase("AA+A", Description = "standard alphabet")]
    [TestCase("AA/A", Description = "standard alphabet")]
    [TestCase("AAAAA", Description = "no bytes have that length")]
    [TestCase("AB", Description = "unused bits")]
    [TestCase("AAB", Description = "unused bits")]
    [TestCase("AA A", Description = "blank")]
    public void TryParse_PartIsNotCanonical_IsNullWhicheverItIs(string part)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TryParse($"{Header}.{part}.AAAA"), Is.Null);
            Assert.That(TryParse($"{Header}.e30.{part}"), Is.Null);
            Assert.That(TryParse($"{part}.e30.AAAA"), Is.Null);
            Assert.That(TryParse($"{Header}.e30.AAAA"), Is.Not.Null);
        }
    }

    [Test(Description = "The header differs in unused bits only, so its bytes are the same")]
    public void TryParse_HeaderSpeltOtherwise_IsNull()
    {
        string header = Forge.Encode("""{"alg":"RS256"}  """);
        string respelt = header[..^1] + (char)(header[^1] + 1);

        Assert.That(Convert.FromBase64String(respelt + "="), Is.EqualTo(Convert.FromBase64String(header + "=")));
        Assert.That(TryParse($"{header}.e30.AAAA"), Is.Not.Null);
        Assert.That(TryParse($"{respelt}.e30.AAAA"), Is.Null);
    }

    [TestCase(4_095, true)]
    [TestCase(4_096, true)]
    [TestCase(4_097, false)]
    [TestCase(4_098, false)]
    public void TryParse_LengthOfTheHeader_IsFourKibibytesAtMost(int length, bool expected) =>
        Assert.That(TryParse($"{Forge.Encode(GoodHeader.PadRight(length))}.e30.AAAA") is not null, Is.EqualTo(expected));

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("7")]
    [TestCase("\"alg\"")]
    [TestCase("{")]
    [TestCase("{}", Description = "no algorithm")]
    [TestCase("""{"alg":"RS256"}{}""")]
    [TestCase("""{"alg":"RS256",}""")]
    [TestCase("""{"alg":"RS256"/**/}""")]
    [TestCase("""{"alg":"RS256","alg":"RS256"}""")]
    [TestCase("""{"alg":"RS256","\u0061lg":"none"}""")]
    [TestCase("""{"alg":"RS256","x":{"a":1,"a":2}}""")]
    [TestCase("""{"alg":"RS256","\ud800":1}""", Description = "a lone surrogate in a name")]
    [TestCase("""{"alg":"\ud800"}""", Description = "a lone surrogate in the algorithm")]
    public void TryParse_HeaderIsNoSoundObjectWithAnAlgorithm_IsNull(string header) =>
        Assert.That(TryParse($"{Forge.Encode(header)}.e30.AAAA"), Is.Null);

    [Test]
    public void TryParse_HeaderIsNoUtf8_IsNull() =>
        Assert.That(TryParse($"{Base64Url.EncodeToString([.. "{\"alg\":\""u8, 0xFF, .. "\"}"u8])}.e30.AAAA"), Is.Null);

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void TryParse_DepthOfTheHeader_IsSixteenAtMost(int depth, bool expected) =>
        Assert.That(TryParse($"{Forge.Encode($$"""{"alg":"RS256","x":{{Nested(depth - 1)}}}""")}.e30.AAAA") is not null, Is.EqualTo(expected));

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void ReadPayload_Depth_IsSixteenAtMost(int depth, bool expected) =>
        Assert.That(ReadPayload($$"""{"x":{{Nested(depth - 1)}}}""") is not null, Is.EqualTo(expected));

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("7")]
    [TestCase("\"text\"")]
    [TestCase("{")]
    [TestCase("""{"a":1,}""")]
    [TestCase("""{"a":1}//""")]
    [TestCase("""{"a":1,"a":1}""")]
    [TestCase("""{"a":1,"\u0061":2}""")]
    [TestCase("""{"x":[{"a":1,"a":2}]}""")]
    [TestCase("""{"\ud800":1}""")]
    public void ReadPayload_NoSoundObject_IsNull(string payload) => Assert.That(ReadPayload(payload), Is.Null);

    [TestCase("{}")]
    [TestCase("""{"a":1,"A":2}""")]
    [TestCase(" \r\n\t{ \"a\" : [ ] } ")]
    public void ReadPayload_SoundObject_IsThatObject(string payload) =>
        Assert.That(ReadPayload(payload)?.GetRawText(), Is.EqualTo(payload.Trim()));

    [Test]
    public void ToString_AnyToken_ShowsItsLengthOnly()
    {
        string text = $"{Header}.{Forge.Encode("""{"iss":"i"}""")}.AAAA";

        Assert.That(TryParse(text)!.ToString(), Is.EqualTo($"JWT ({text.Length} characters)"));
    }

    private static CompactToken? TryParse(string text) => CompactToken.TryParse(text.AsMemory());

    private static JsonElement? ReadPayload(string payload) => TryParse($"{Header}.{Forge.Encode(payload)}.AAAA")!.ReadPayload();

    private static string Nested(int depth) => new StringBuilder().Append('[', depth).Append(']', depth).ToString();
}
