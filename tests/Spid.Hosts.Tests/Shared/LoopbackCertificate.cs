using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Spid.Hosts.Tests.Shared;

/// <summary>A certificate for a server on loopback, and a transport that trusts it alone.</summary>
internal sealed class LoopbackCertificate : IDisposable
{
    public LoopbackCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));

        // Some platforms serve no certificate whose key is in memory alone.
        Certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    public X509Certificate2 Certificate { get; }

    public SocketsHttpHandler CreateTransport() => new() { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsThisOne } };

    public void Dispose() => Certificate.Dispose();

    private bool IsThisOne(object sender, X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors) => Certificate.Equals(presented);
}
