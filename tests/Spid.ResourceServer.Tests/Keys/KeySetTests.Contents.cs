using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>Which keys of a set are used.</content>
internal sealed partial class KeySetTests
{
    [TestCase("use", "\"enc\"")]
    [TestCase("alg", "\"RS512\"")]
    [TestCase("alg", "7")]
    [TestCase("kty", "\"oct\"")]
    [TestCase("kty", "\"EC\"")]
    [TestCase("kid", "\"\"")]
    [TestCase("kid", "7")]
    [TestCase("n", "\"AQAB\"")]
    [TestCase("n", "\"\"")]
    [TestCase("n", "\"not base64url!\"")]
    [TestCase("e", "\"AQ\"")]
    [TestCase("e", "\"Ag\"")]
    [TestCase("e", "7")]
    [TestCase("key_ops", "[\"encrypt\"]")]
    [TestCase("key_ops", "\"verify\"")]
    [Description("Edge case 67: a key that cannot be used is passed over, the others are not")]
    public async Task VerifyAsync_OddKey_IsPassedOver(string member, string json)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var good = new Forge();
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(key => key[member] = JsonNode.Parse(json)), good.Key()));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(UnknownKey));
        Assert.That(await rig.ReasonAsync(good.Sign(rig.Now), CancellationToken.None), Is.EqualTo(None));
    }

    [TestCase("alg")]
    [TestCase("use")]
    public async Task VerifyAsync_KeyDoesNotSay_IsUsed(string member)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(key => key.Remove(member))));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(None));
    }

    [Test(Description = "Edge case 67: 1024 bits")]
    public async Task VerifyAsync_WeakKey_IsPassedOver(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local, new Forge(1024));
        using var good = new Forge();
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), good.Key()));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(UnknownKey));
    }

    [Test(Description = "Edge case 65")]
    public async Task VerifyAsync_OneIdForTwoKeys_NeitherIsUsedAndSomebodyIsTold(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var twin = new Forge { KeyId = rig.Forge.KeyId };
        using var good = new Forge();
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), twin.Key(), good.Key()));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(UnknownKey));
        Assert.That(await rig.ReasonAsync(twin.Sign(rig.Now), cancellationToken), Is.EqualTo(NoKeys), "the next set may have one of the two");
        Assert.That(await rig.ReasonAsync(good.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
        Assert.That(rig.Logger.Collector.GetSnapshot().Count(line => line.Level == LogLevel.Warning), Is.EqualTo(1));
    }

    [TestCase(null)]
    [TestCase("application/jwk-set+json")]
    [TestCase("application/octet-stream")]
    [TestCase("text/plain; charset=utf-8")]
    public async Task VerifyAsync_ContentTypeOfTheKeySet_DoesNotMatter(string? contentType)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Text(Forge.KeySet(rig.Forge.Key()), contentType));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(None));
    }

    [Test]
    public async Task VerifyAsync_SameKeyTwice_IsOneKey(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), rig.Forge.Key()));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [Test]
    public async Task VerifyAsync_SixtyFiveKeys_AreNoKeySet(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.AnswerKeys(Forge.KeySet([.. Enumerable.Range(0, 65).Select(_ => rig.Forge.Key())]));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(NoKeys));
    }
}
