using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>A rotation, and then a flood.</content>
internal sealed partial class KeySetTests
{
    [Test(Description = "V38: the second key set has the key; a hundred more unknown ones within the window cause the one fetch that the bucket still holds")]
    public async Task VerifyAsync_RotationThenUnknownKeys_FetchesAreFewAndTheNewKeyStays(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var next = new Forge();
        using var forger = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(1));

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(2));

        for (int number = 0; number < 100; number++)
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(200));
            string forged = forger.Sign(rig.Now, editHeader: header => header["kid"] = $"made-up-{number}");
            Assert.That((await rig.VerifyAsync(forged, cancellationToken)).IsAccepted, Is.False);
            Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
        }

        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((3, 0)));
    }

    [Test(Description = "R14 under attack: no good token is called bad because made-up key ids have used up the fetches")]
    public async Task VerifyAsync_RotationWhileKeyIdsAreMadeUp_IsUnavailableUntilAFetchIsAllowed(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var next = new Forge();
        using var forger = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        string[] forged = [.. Enumerable.Range(0, 2).Select(number => forger.Sign(rig.Now, editHeader: header => header["kid"] = $"made-up-{number}"))];
        foreach (string token in forged)
        {
            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(UnknownKey));
        }

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        string good = next.Sign(rig.Now);
        SpidVerificationResult result = await rig.VerifyAsync(good, cancellationToken);

        Assert.That((result.Status, result.Reason, result.RetryAfter), Is.EqualTo((SpidVerificationStatus.Unavailable, NoKeys, TimeSpan.FromSeconds(20))));
        foreach (string token in forged)
        {
            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NoKeys), "they may have been published since the fetch");
        }

        rig.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(await rig.ReasonAsync(good, cancellationToken), Is.EqualTo(None));
        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((4, 0)));
    }
}
