using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>The ways a token takes: by its signature, by introspection, or nowhere.</summary>
[CancelAfter(30_000)]
internal sealed class SpidTokenVerifierTests
{
    [Test(Description = "V34")]
    public async Task VerifyAsync_SignedTokens_OneKeyFetchAndNoIntrospection(CancellationToken cancellationToken)
    {
        await using var rig = new VerifierRig();

        SpidVerificationResult first = await rig.VerifyAsync(rig.Issue(), cancellationToken);
        SpidVerificationResult second = await rig.VerifyAsync(rig.Issue(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Status, Is.EqualTo(SpidVerificationStatus.Accepted));
            Assert.That(first.Token.Source, Is.EqualTo(SpidTokenSource.LocalSignature));
            Assert.That(first.Token.Scopes, Is.EquivalentTo(new[] { "read:messages" }));
            Assert.That(first.Token.ClientId, Is.EqualTo(rig.Spid.ClientId));
            Assert.That(second.Status, Is.EqualTo(SpidVerificationStatus.Accepted));
            Assert.That((rig.KeyFetches, rig.Introspections), Is.EqualTo((1, 0)));
        }
    }

    [Test]
    public async Task VerifyAsync_SameTokenTwice_SecondIsFromTheCache(CancellationToken cancellationToken)
    {
        await using var rig = new VerifierRig(options => options.Mode = SpidVerificationMode.Remote);
        string token = rig.Issue();

        SpidVerificationResult first = await rig.VerifyAsync(token, cancellationToken);
        SpidVerificationResult second = await rig.VerifyAsync(token, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Token.Source, second.Token.Source), Is.EqualTo((SpidTokenSource.Introspected, SpidTokenSource.Cached)));
            Assert.That(rig.Introspections, Is.EqualTo(1));
        }
    }
}
