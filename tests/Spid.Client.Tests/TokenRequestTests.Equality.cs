using CsCheck;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests;

/// <content>The cache key: equal requests and no others share a token.</content>
internal sealed partial class TokenRequestTests
{
    private static readonly string[] Scopes = ["a", "b", "A", "a:b", "a|b", "a,b", "1", "11", "a1", "1a", "read", "read:messages"];
    private static readonly string[] Uris = ["urn:a", "urn:b", "urn:A", "urn:a:b", "urn:a,b", "https://a.example", "https://a.example/", "https://A.example", "urn:1", "urn:11"];
    private static readonly string[] Names = ["a", "b", "A", "ab", "a=", "a&b", "a:", "a\0", "a\n", "1", "11", "é", "e\u0301", "\ud800"];
    private static readonly string[] Values = ["", "a", "b", "ab", "a=b", "a&b=c", "::", "\0", "\0a", "\n", "\r\n", "1", "11", "é", "e\u0301", "\ud800", "\ud801", "\ufffd", "😀", "İ", "i", "ß", "ss"];

    private static readonly Gen<Parts> AnyParts = Gen.Select(
        Samples.OneOf(Scopes).Array[0, 3],
        Samples.OneOf(Uris).Array[0, 2],
        Gen.Select(Samples.OneOf(Names), Samples.OneOf(Values), (name, value) => new KeyValuePair<string, string>(name, value)).Array[0, 2],
        (scopes, resources, parameters) => new Parts(scopes, resources, [.. parameters.DistinctBy(parameter => parameter.Key)]));

    /// <summary>A pair is unrelated, shuffled, or differs in one place.</summary>
    private static readonly Gen<(Parts, Parts)> Pairs = Gen.Select(AnyParts, AnyParts, Gen.Int[0, 4], (one, other, relation) => (one, relation switch
    {
        0 => other,
        1 => new Parts([.. one.Scopes.Reverse(), .. one.Scopes], [.. one.Resources.Reverse()], [.. one.Parameters.Reverse()]),
        2 => one with { Scopes = other.Scopes },
        3 => one with { Resources = other.Resources },
        _ => one with { Parameters = other.Parameters },
    }));

    [Test(Description = "C3 S5, CVE-2026-35039, GHSA-7mhv-gr67-hq55: equal exactly when the normalised parts are")]
    public void Equals_GeneratedPairs_AgreesWithTheNormalisedParts()
    {
        int equal = 0;

        Samples.Check(
            Pairs,
            200_000,
            pair =>
            {
                TokenRequest one = pair.Item1.Create();
                TokenRequest other = pair.Item2.Create();
                bool same = pair.Item1.Normalised() == pair.Item2.Normalised();
                equal += same ? 1 : 0;
                return one.Equals(other) == same && other.Equals(one) == same && (!same || one.GetHashCode() == other.GetHashCode());
            },
            pair => $"{pair.Item1.Normalised()} and {pair.Item2.Normalised()}");

        Assert.That(equal, Is.InRange(40_000, 160_000), "Pairs of both sorts are needed.");
    }

    [TestCase("scope")]
    [TestCase("resource")]
    [TestCase("name")]
    [TestCase("value")]
    [Description("A hash code has 32 bits, so of so many requests about 18 pairs have one together (and none have it once in 10^8 runs): they must not share a token")]
    public void Equals_DifferentRequestsWithOneHashCode_IsFalse(string part)
    {
        var seen = new Dictionary<int, int>(400_000);
        List<bool> verdicts = [];

        for (int number = 0; number < 400_000; number++)
        {
            TokenRequest request = Create(number);
            if (!seen.TryAdd(request.GetHashCode(), number))
            {
                verdicts.Add(request.Equals(Create(seen[request.GetHashCode()])));
            }
        }

        Assert.That(verdicts, Is.Not.Empty.And.All.False);

        TokenRequest Create(int number) => part switch
        {
            "scope" => new($"s{number}"),
            "resource" => new(null, $"urn:{number}"),
            "name" => new(null, [], [new($"p{number}", "")]),
            _ => new(null, [], [new("p", $"{number}")]),
        };
    }

    [TestCase("a b", "b a", true)]
    [TestCase("a b", "a  b a", true)]
    [TestCase("a b", "A b", false)]
    [TestCase("ab", "a b", false)]
    [TestCase(null, "", true)]
    [TestCase(null, "a", false)]
    public void Equals_Scopes_IgnoresOrderAndHeedsCase(string? one, string? other, bool equal) =>
        Assert.That(new TokenRequest(one).Equals(new TokenRequest(other)), Is.EqualTo(equal));

    [Test]
    public void Equals_ValueMovedBetweenFields_IsDifferent()
    {
        TokenRequest[] requests =
        [
            new("urn:a"), new(null, "urn:a"), new(null, [], [new("urn:a", "")]), new(null, [], [new("a", "urn:a")]), new(null, [], [new("urn:a", "a")]),
            new("urn:a", "urn:a"), new("a", [], [new("b", "c")]), new("a b", [], [new("c", "")]), new(null, [], [new("a", "b"), new("c", "d")]), new(null, [], [new("a", "d"), new("c", "b")]),
        ];

        Assert.That(requests, Is.Unique);
    }

    [Test]
    public void Equals_OtherTypeOrNull_IsFalse()
    {
        var request = new TokenRequest("a");

        Assert.That(request.Equals((object)"a"), Is.False);
        Assert.That(request.Equals((object)new TokenRequest("a")), Is.True);
        Assert.That(request.Equals(null), Is.False);
    }

    private sealed record Parts(string[] Scopes, string[] Resources, KeyValuePair<string, string>[] Parameters)
    {
        public TokenRequest Create() => new(string.Join(' ', Scopes), Resources, Parameters);

        /// <summary>Every part with its length before it, so that no two lists have one text.</summary>
        public string Normalised() =>
            Listed(Scopes.Distinct().Order(StringComparer.Ordinal))
            + Listed(Resources.Distinct().Order(StringComparer.Ordinal))
            + Listed(Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).SelectMany(parameter => new[] { parameter.Key, parameter.Value }));

        private static string Listed(IEnumerable<string> texts) => "[" + string.Concat(texts.Select(text => $"{text.Length}:{text};")) + "]";
    }
}
