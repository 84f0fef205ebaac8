using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>Edge case 53: a token bound to a certificate (RFC 8705 section 3) is good with that certificate on the connection alone.</summary>
internal sealed class ClientCertificateTests
{
    private static readonly Answer ProofMissing = Answer.Refused(401, "invalid_token", "The token is bound to a proof that was not shown.");

    [TestCase(SpidVerificationMode.Remote)]
    [TestCase(SpidVerificationMode.Local)]
    [TestCase(SpidVerificationMode.Auto)]
    [Description("Edge case 53")]
    public async Task Request_TokenBoundToACertificate_NeedsItOnTheConnection(SpidVerificationMode mode)
    {
        using X509Certificate2 right = CreateCertificate();
        using X509Certificate2 wrong = CreateCertificate();
        await using PipelineRig rig = await PipelineRig.StartAsync(options => options.Mode = mode);
        void Bind(JsonObject claims) => claims["cnf"] = new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(right.GetCertHash(HashAlgorithmName.SHA256)) };
        rig.AnswerActive(Bind);
        string token = rig.Sign(Bind);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await SendAsync(rig, token, wrong), Is.EqualTo(ProofMissing), "another certificate, before anything is remembered");
            Assert.That(await SendAsync(rig, token, right), Is.EqualTo(Answer.LetIn));
            Assert.That(await SendAsync(rig, token, wrong), Is.EqualTo(ProofMissing), "another certificate, and the token is remembered");
            Assert.That(await SendAsync(rig, token, null), Is.EqualTo(ProofMissing), "no certificate");
            Assert.That(await SendAsync(rig, token, right), Is.EqualTo(Answer.LetIn));
        }
    }

    [Test(Description = "Edge case 53: a certificate proves nothing about a token that is bound to a key")]
    public async Task Request_TokenBoundToAKey_IsRefusedWithACertificateToo()
    {
        using X509Certificate2 certificate = CreateCertificate();
        await using PipelineRig rig = await PipelineRig.StartAsync();
        string thumbprint = Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));

        Answer key = await SendAsync(rig, rig.Sign(claims => claims["cnf"] = new JsonObject { ["jkt"] = thumbprint }), certificate);
        Answer both = await SendAsync(rig, rig.Sign(claims => claims["cnf"] = new JsonObject { ["jkt"] = thumbprint, ["x5t#S256"] = thumbprint }), certificate);
        Answer unbound = await SendAsync(rig, rig.Sign(), certificate);

        Assert.That(new[] { key, both, unbound }, Is.EqualTo(new[] { ProofMissing, ProofMissing, Answer.LetIn }));
    }

    private static Task<Answer> SendAsync(PipelineRig rig, string token, X509Certificate2? certificate) => rig.SendAsync(http =>
    {
        http.Request.Path = "/messages";
        http.Request.Headers.Authorization = $"Bearer {token}";
        http.Connection.ClientCertificate = certificate;
    });

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var day = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256).CreateSelfSigned(day.AddDays(-1), day.AddDays(1));
    }
}
