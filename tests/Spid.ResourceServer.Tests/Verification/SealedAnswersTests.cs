using System.Text;
using Spid.Client;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Names and values in a store that others can read and write.</summary>
internal sealed class SealedAnswersTests
{
    private const string Token = "the-token-itself";
    private const string Body = """{"active":true,"client_id":"a"}""";

    private static readonly DateTimeOffset AskedAt = new(2026, 1, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly SharedAnswer Answer = new(AskedAt, AskedAt.AddMilliseconds(59_999), Encoding.UTF8.GetBytes(Body));

    [Test]
    public void Open_SealedByAnotherProcess_GivesTheAnswerBack()
    {
        string name = Create().NameOf("token", Token);
        byte[] packed = Create().Seal(name, Answer);

        SharedAnswer opened = Create().Open(name, packed)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(opened.AskedAt, Is.EqualTo(Answer.AskedAt));
            Assert.That(opened.GoodUntil, Is.EqualTo(Answer.GoodUntil));
            Assert.That(Encoding.UTF8.GetString(opened.Body.Span), Is.EqualTo(Body));
        }
    }

    [Test(Description = "Marks of evictions have no body")]
    public void Open_SealedWithoutABody_GivesItsTimes()
    {
        SealedAnswers seal = Create();

        SharedAnswer? opened = seal.Open("name", seal.Seal("name", new SharedAnswer(AskedAt, AskedAt, ReadOnlyMemory<byte>.Empty)));

        Assert.That((opened?.AskedAt, opened?.Body.Length), Is.EqualTo(((DateTimeOffset?)AskedAt, (int?)0)));
    }

    [Test]
    public void Open_OneBitChanged_IsNull()
    {
        SealedAnswers seal = Create();
        byte[] packed = seal.Seal("name", Answer);

        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] changed = [.. packed];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(seal.Open("name", changed), Is.Null, $"bit {bit}");
        }

        Assert.That(seal.Open("name", packed), Is.Not.Null);
    }

    [Test]
    public void Open_CutOffOrContinued_IsNull()
    {
        SealedAnswers seal = Create();
        byte[] packed = seal.Seal("name", Answer);

        for (int length = 0; length < packed.Length; length++)
        {
            Assert.That(seal.Open("name", packed[..length]), Is.Null, $"the first {length} bytes");
            Assert.That(seal.Open("name", packed[(packed.Length - length)..]), Is.Null, $"the last {length} bytes");
        }

        Assert.That(seal.Open("name", [.. packed, 0]), Is.Null);
        Assert.That(seal.Open("name", new byte[packed.Length]), Is.Null);
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(255)]
    public void Open_OtherVersion_IsNull(byte version)
    {
        SealedAnswers seal = Create();
        byte[] packed = seal.Seal("name", Answer);
        packed[0] = version;

        Assert.That(seal.Open("name", packed), Is.Null);
    }

    [Test(Description = "An answer about a good token must not serve for another")]
    public void Open_MovedToAnotherName_IsNull()
    {
        SealedAnswers seal = Create();
        string name = seal.NameOf("token", Token);
        byte[] packed = seal.Seal(name, Answer);

        Assert.That(seal.Open(seal.NameOf("token", "another"), packed), Is.Null);
        Assert.That(seal.Open(seal.NameOf("evicted token", Token), packed), Is.Null);
        Assert.That(seal.Open(name, packed), Is.Not.Null);
    }

    public static IEnumerable<TestCaseData> Others() =>
    [
        Other("secret", options => options.ClientSecret += "-changed"),
        Other("client id", options => options.ClientId += "-changed"),
        Other("environment", options => options.Environment = SpidEnvironment.Norway),
        Other("verifier", _ => { }, "another"),
    ];

    [TestCaseSource(nameof(Others))]
    public void Open_SealedUnderOtherSettings_IsNull(Action<SpidVerifierOptions> change, string verifier)
    {
        SealedAnswers seal = Create();
        SealedAnswers other = Create(change, verifier);

        Assert.That(other.Open("name", seal.Seal("name", Answer)), Is.Null);
        Assert.That(other.NameOf("token", Token), Is.Not.EqualTo(seal.NameOf("token", Token)));
    }

    [Test(Description = "The mark of a client's eviction must not be that of a token of the same text")]
    public void NameOf_KindsAndTexts_AllDiffer()
    {
        SealedAnswers seal = Create();

        string[] names =
        [
            seal.NameOf("token", Token), seal.NameOf("evicted token", Token), seal.NameOf("evicted client", Token),
            seal.NameOf("token", ""), seal.NameOf("token", Token + "x"), seal.NameOf("token", Token.ToUpperInvariant()),
        ];

        Assert.That(names, Is.Unique);
        Assert.That(seal.NameOf("token", Token), Is.EqualTo(Create().NameOf("token", Token)), "processes agree");
    }

    [Test(Description = "A reader of the store learns nothing from it")]
    public void SealAndNameOf_TokenAndAnswer_ShowNeither()
    {
        SealedAnswers seal = Create();
        string name = seal.NameOf("token", Token);
        byte[] one = seal.Seal(name, Answer);
        byte[] other = seal.Seal(name, Answer);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(name, Does.Match("^spid:introspection:[A-Za-z0-9_-]{43}$"));
            Assert.That(Encoding.Latin1.GetString(one), Does.Not.Contain("active").And.Not.Contain("client_id").And.Not.Contain(Token));
            Assert.That(Convert.ToHexString(one), Does.Not.Contain(AskedAt.ToUnixTimeMilliseconds().ToString("X8", System.Globalization.CultureInfo.InvariantCulture)));
            Assert.That(one[1..], Is.Not.EqualTo(other[1..]), "each value has a nonce of its own");
            Assert.That(one[29..].Zip(other[29..]).Count(pair => pair.First == pair.Second), Is.LessThan(Body.Length / 2));
            Assert.That(Answer.ToString(), Does.Not.Contain("active"));
        }
    }

    private static TestCaseData Other(string name, Action<SpidVerifierOptions> change, string verifier = "rig") =>
        new TestCaseData(change, verifier).SetArgDisplayNames(name);

    private static SealedAnswers Create(Action<SpidVerifierOptions>? change = null, string verifier = "rig")
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        change?.Invoke(options);
        return new SealedAnswers(VerifierSettings.From(verifier, options));
    }
}
