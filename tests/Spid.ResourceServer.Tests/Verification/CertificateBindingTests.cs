using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

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
        using X509Certificate2 right = CreateCertificate();
        using X509Certificate2 wrong = CreateCertificate();
        using var rig = new VerifierRig();
        string token = rig.Sign(claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(right.GetCertHash(HashAlgorithmName.SHA256)) });
        var requirements = new SpidTokenRequirements { ClientCertificate = isRight switch { true => right, false => wrong, null => null } };

        SpidVerificationResult miss = await rig.Verifier.VerifyAsync(token.AsMemory(), requirements, CancellationToken.None);
        SpidVerificationResult hit = await rig.Verifier.VerifyAsync(token.AsMemory(), requirements, CancellationToken.None);

        Assert.That((miss.Reason, hit.Reason), Is.EqualTo((expected, expected)));
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=caller", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
