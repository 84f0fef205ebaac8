using System.Buffers.Text;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>One spelling for given bytes (RFC 7515 section 2).</summary>
internal sealed class Base64UrlTextTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Test(Description = "A text is canonical exactly when it is what its own bytes are encoded to")]
    public void IsCanonical_EveryTextOfUpToThreeLetters_AgreesWithTheEncoder()
    {
        IEnumerable<string> texts = Texts(1).Concat(Texts(2)).Concat(Texts(3));

        Assert.That(texts.Where(text => Base64UrlText.IsCanonical(text) != IsWhatTheEncoderWrites(text)), Is.Empty);
    }

    [TestCase("AAAA", true)]
    [TestCase("AAAAA", false, Description = "no bytes have that length")]
    [TestCase("AAAAAA", true)]
    [TestCase("AAAAAB", false, Description = "unused bits")]
    [TestCase("AAAAAAA", true)]
    [TestCase("AAAAAAB", false, Description = "unused bits")]
    [TestCase("AAAAAAAB", true)]
    [TestCase("", false)]
    [TestCase("AA==", false)]
    [TestCase("AAA=", false)]
    [TestCase("AA+A", false)]
    [TestCase("AA/A", false)]
    [TestCase("AA A", false)]
    [TestCase("AAA\n", false)]
    [TestCase("AA.A", false)]
    [TestCase("AAÄA", false)]
    public void IsCanonical_Text_IsTakenOrNot(string text, bool expected) => Assert.That(Base64UrlText.IsCanonical(text), Is.EqualTo(expected));

    private static IEnumerable<string> Texts(int length) =>
        length == 0 ? [""] : Texts(length - 1).SelectMany(_ => Alphabet, (text, letter) => text + letter);

    private static bool IsWhatTheEncoderWrites(string text) =>
        text.Length % 4 != 1 && Base64Url.EncodeToString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight(4, '='))) == text;
}
