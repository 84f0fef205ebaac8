using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The limits of a key set, to the bit, the byte and the key.</summary>
[CancelAfter(60_000)]
internal sealed class JwksReaderTests
{
    private const int MaximumSize = 256 * 1024;

    [TestCase(1024, false)]
    [TestCase(2047, false)]
    [TestCase(2048, true)]
    [TestCase(4096, true)]
    [TestCase(8192, true)]
    [TestCase(8193, false)]
    [TestCase(16384, false)]
    [Description("Edge case 67: a larger key makes each forged token dear")]
    public void Read_SizeOfTheModulus_IsBounded(int bits, bool isUsable)
    {
        JsonObject sized = new() { ["kty"] = "RSA", ["kid"] = "sized", ["n"] = Base64Url.EncodeToString(MakeModulus(bits)), ["e"] = "AQAB" };
        using Forge usual = Forge.CreateUsual();

        JwksAnswer? answer = Read(Forge.KeySet(sized, usual.Key()));

        Assert.That(answer!.Keys.Select(key => key.KeyId), Is.EqualTo(isUsable ? new[] { "sized", usual.KeyId } : [usual.KeyId]));
        Assert.That(answer.Skipped, Is.EqualTo(isUsable ? 0 : 1));
    }

    [Test(Description = "Edge case 67: leading zeros add no bits")]
    public void Read_LeadingZerosInTheModulus_AreNotCounted()
    {
        JsonObject key = new() { ["kty"] = "RSA", ["kid"] = "zeros", ["n"] = Base64Url.EncodeToString([0, 0, .. MakeModulus(8192)]), ["e"] = "AQAB" };

        Assert.That(Read(Forge.KeySet(key))!.Keys.Single().Material.Parameters.Modulus, Has.Length.EqualTo(1024));
    }

    [TestCase(MaximumSize, None)]
    [TestCase(MaximumSize + 1, NoKeys)]
    [Description("Edge case 72: huge, to the byte")]
    public async Task VerifyAsync_SizeOfTheKeySet_IsBounded(int size, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Local);
        string keySet = Forge.KeySet(rig.Forge.Key()).PadRight(size);
        rig.Spid.AnswerKeys(keySet);

        Assert.That(Encoding.UTF8.GetByteCount(keySet), Is.EqualTo(size));
        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCase(64, None)]
    [TestCase(65, NoKeys)]
    [Description("Edge case 72: many keys, to the key")]
    public async Task VerifyAsync_NumberOfKeys_IsBounded(int count, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.AnswerKeys(Forge.KeySet([.. Enumerable.Range(1, count - 1).Select(number => rig.Forge.Key(key => key["kid"] = $"other-{number}")), rig.Forge.Key()]));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCase("kid")]
    [TestCase("kty")]
    [TestCase("alg")]
    [TestCase("use")]
    [TestCase("n")]
    [TestCase("x5t")]
    public void Read_LoneSurrogateInOneKey_SpoilsNoOther(string name)
    {
        using Forge usual = Forge.CreateUsual();
        string odd = usual.Key(key => (key["kid"], key[name]) = ("odd", "odd-text")).ToJsonString().Replace("odd-text", @"\ud800", StringComparison.Ordinal);

        JwksAnswer? answer = Read($$"""{"keys":[{{odd}},{{usual.Key().ToJsonString()}}]}""");

        Assert.That(answer?.Keys.Select(key => key.KeyId), Does.Contain(usual.KeyId));
    }

    [TestCase("\"kty\":\"RSA\",\"kty\":\"RSA\"")]
    [TestCase("\"x\":1,\"\\u0078\":2")]
    [TestCase("\"x\":{\"y\":1,\"y\":2}")]
    [TestCase("\"\\ud800\":1")]
    [TestCase("\"x\":{\"\\udc00\":1}")]
    [Description("B13: the odd key is left out, whatever is wrong in it, and the good one is used")]
    public void Read_MembersThatAreNotJsonAsItShouldBe_SpoilNoOtherKey(string members)
    {
        using Forge usual = Forge.CreateUsual();
        string odd = $"{usual.Key(key => key["kid"] = "odd").ToJsonString()[..^1]},{members}}}";

        foreach (string keys in new[] { $"{odd},{usual.Key().ToJsonString()}", $"{usual.Key().ToJsonString()},{odd}" })
        {
            JwksAnswer? answer = Read($$"""{"keys":[{{keys}}]}""");

            Assert.That(answer?.Keys.Select(key => key.KeyId), Is.EqualTo(new[] { usual.KeyId }));
            Assert.That((answer!.Malformed, answer.Skipped), Is.EqualTo((1, 0)));
        }
    }

    [TestCase(14, 0)]
    [TestCase(20, 1)]
    [TestCase(64, 1)]
    [TestCase(1_000, 1)]
    [TestCase(60_000, 1)]
    [Description("B13: nested too deep, to whatever depth")]
    public void Read_KeyIsNestedDeep_SpoilsNoOther(int depth, int malformed)
    {
        using Forge usual = Forge.CreateUsual();
        string odd = $"{usual.Key(key => key["kid"] = "odd").ToJsonString()[..^1]},\"x\":{new string('[', depth)}{new string(']', depth)}}}";

        JwksAnswer? answer = Read($$"""{"keys":[{{odd}},{{usual.Key().ToJsonString()}}]}""");

        Assert.That(answer?.Keys.Select(key => key.KeyId), Does.Contain(usual.KeyId));
        Assert.That((answer!.Keys.Length, answer.Malformed), Is.EqualTo((2 - malformed, malformed)));
    }

    [TestCase("null")]
    [TestCase("7")]
    [TestCase("\"text\"")]
    [TestCase("[]")]
    [TestCase("true")]
    [Description("B13: an entry that is no key at all")]
    public void Read_EntryIsNoObject_IsLeftOutAndCounted(string odd)
    {
        using Forge usual = Forge.CreateUsual();

        JwksAnswer? answer = Read($$"""{"keys":[{{odd}},{{usual.Key().ToJsonString()}}]}""");

        Assert.That((answer?.Keys.Length, answer?.Malformed), Is.EqualTo(((int?)1, (int?)1)));
    }

    [TestCase("""{"x":{"y":1,"y":2},"keys":[*]}""")]
    [TestCase("""{"\ud800":1,"keys":[*]}""")]
    [TestCase("""{"x":1,"x":2,"keys":[*]}""")]
    [Description("B13: beside the keys")]
    public void Read_OddMemberBesideTheKeys_SpoilsNone(string set)
    {
        using Forge usual = Forge.CreateUsual();

        Assert.That(Read(set.Replace("*", usual.Key().ToJsonString(), StringComparison.Ordinal))?.Keys, Has.Length.EqualTo(1));
    }

    [TestCase("""{"keys":[*],"keys":[]}""")]
    [TestCase("""{"keys":[],"keys":[*]}""")]
    [TestCase("""{"keys":[*],"\u006beys":[*]}""")]
    [Description("Two readers could take two sets for it")]
    public void Read_TwoLists_IsNoKeySet(string set)
    {
        using Forge usual = Forge.CreateUsual();

        Assert.That(Read(set.Replace("*", usual.Key().ToJsonString(), StringComparison.Ordinal)), Is.Null);
    }

    [TestCase(null, "RS256", 1, 0)]
    [TestCase("RS256", null, 1, 0)]
    [TestCase("RS256", "RS256", 1, 0)]
    [TestCase("RS512", "RS256", 0, 1)]
    [Description("Edge case 65")]
    public void Read_KeyListedSeveralTimes_IsOneKeyUnlessTheAlgorithmsDiffer(string? first, string? last, int keys, int ambiguous)
    {
        using Forge often = Forge.CreateUsual();
        using Forge other = Forge.CreateUsual();
        string keySet = Forge.KeySet(KeyFor(often, null), KeyFor(often, first), KeyFor(often, last), other.Key());

        JwksAnswer? answer = new JwksReader(new HashSet<string> { "RS256", "RS512" }).Read(Encoding.UTF8.GetBytes(keySet), out _);

        Assert.That((answer!.Keys.Length - 1, answer.Ambiguous), Is.EqualTo((keys, ambiguous)));
        Assert.That(answer.Keys.Where(key => key.KeyId == often.KeyId).Select(key => key.Algorithm), Is.All.EqualTo("RS256"));
    }

    private static JsonObject KeyFor(Forge forge, string? algorithm) => forge.Key(key =>
    {
        key.Remove("alg");
        if (algorithm is not null)
        {
            key["alg"] = algorithm;
        }
    });

    private static JwksAnswer? Read(string keySet) => new JwksReader(new HashSet<string> { "RS256" }).Read(Encoding.UTF8.GetBytes(keySet), out _);

    /// <summary>Drawing a key of such a size takes minutes. A reader cannot tell whether a number has two factors.</summary>
    private static byte[] MakeModulus(int bits)
    {
        byte[] modulus = RandomNumberGenerator.GetBytes((bits + 7) / 8);
        int highest = (bits - 1) % 8;
        modulus[0] = (byte)((modulus[0] & ((1 << highest) - 1)) | (1 << highest));
        modulus[^1] |= 1;
        return modulus;
    }
}
