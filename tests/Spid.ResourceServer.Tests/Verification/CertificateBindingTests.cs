using System.Security.Cryptography.X509Certificates;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Edge case 53: tokens bound to a certificate (RFC 8705).</summary>
[CancelAfter(60_000)]
internal sealed class CertificateBindingTests
{
    [TestCase(true, SpidVerificationReason.None)]
    [TestCase(false, SpidVerificationReason.ProofMissing)]
    [TestCase(null, SpidVerificationReason.ProofMissing)]
    [Description("Edge case 53")]
    public async Task VerifyAsync_BoundToken_NeedsItsCertificateOnHitAndMiss(bool? isRight, SpidVerificationReason expected)
    {
        using X509Certificate2 right = CallerCertificate.Create();
        using X509Certificate2 wrong = CallerCertificate.Create();
        using var rig = new VerifierRig();
        string token = rig.Sign(claims => claims["cnf"] = CallerCertificate.Confirmation(right));
        X509Certificate2? sent = isRight switch { true => right, false => wrong, null => null };

        SpidVerificationReason miss = await rig.ReasonAsync(token, sent);
        SpidVerificationReason hit = await rig.ReasonAsync(token, sent);

        Assert.That((miss, hit), Is.EqualTo((expected, expected)));
    }
}
