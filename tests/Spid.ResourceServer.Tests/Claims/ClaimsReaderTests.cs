using System.Text;
using System.Text.Json;
using Spid.ResourceServer.Claims;

namespace Spid.ResourceServer.Tests.Claims;

/// <summary>Claims that a parser lets pass and a reader must not trip over.</summary>
internal sealed class ClaimsReaderTests
{
    [TestCase("""{"client_id":"c","act":{"x":"?"}}""")]
    [TestCase("""{"client_id":"c","act":[["?"]]}""")]
    [TestCase("""{"client_id":"c","cnf":{"x5t#S256":"?"}}""")]
    [TestCase("""{"client_id":"c","?":"x"}""")]
    [TestCase("""{"client_id":"c","user_id":"?"}""")]
    [TestCase("""{"client_id":"?"}""")]
    public void Read_TextThatIsNoUtf8_IsAFaultAndNoException(string json)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(json);
        bytes.AsSpan().Replace((byte)'?', (byte)0xFF);
        using var document = JsonDocument.Parse(bytes);

        TokenClaims? claims = ClaimsReader.Read(document.RootElement, out string? fault);

        Assert.That(claims, Is.Null);
        Assert.That(fault, Is.Not.Null.And.Not.Contain("?"));
    }

    [TestCase("""{"client_id":"c","act":{"x":"\ud800"}}""", Description = "Printed as it stands, escapes and all")]
    public void Read_LoneSurrogateDeepInside_IsAClaimLikeAnyOther(string json)
    {
        using var document = JsonDocument.Parse(json);

        Assert.That(ClaimsReader.Read(document.RootElement, out _)?.Values.Select(value => value.Value), Does.Contain("""{"x":"\ud800"}"""));
    }

    [TestCase(257)]
    [TestCase(10_000)]
    [Description("B18: the length of a token and of an answer is the limit")]
    public void Read_ManyValues_HasEachOfThem(int count)
    {
        using var document = JsonDocument.Parse($$"""{"groups":[{{string.Join(',', Enumerable.Range(0, count))}}]}""");

        TokenClaims? claims = ClaimsReader.Read(document.RootElement, out string? fault);

        Assert.That((claims?.Values.Length, fault), Is.EqualTo(((int?)count, (string?)null)));
    }
}
