using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

/// <content>C2, layer TLS: every fault fails closed, and the secret is not sent.</content>
internal sealed partial class ExchangeTests
{
    [TestCase(0, 3650, "localhost")]
    [TestCase(-20, -10, "localhost")]
    [TestCase(0, 3650, "other.example")]
    [Test(Description = "C2 TLS: self-signed, expired, wrong host")]
    public async Task SendAsync_CertificateNotTrusted_SendsNothing(int validFromDays, int validToDays, string host, CancellationToken cancellationToken)
    {
        using X509Certificate2 certificate = CreateCertificate(host, validFromDays, validToDays);
        await using var server = new RawServer(async connection =>
        {
            await using var secured = new SslStream(connection.Stream, leaveInnerStreamOpen: true);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, connection.CancellationToken);
            await ReportAsync(secured, connection);
        });
        using var client = new SocketClient(Secured(server));

        SpidException failure = await client.FailToReachAsync(HttpRequestError.SecureConnectionError, cancellationToken);

        Assert.That(failure.InnerException?.InnerException, Is.InstanceOf<AuthenticationException>());
        Assert.That(server.Requests, Is.Empty);
    }

    [Test(Description = "C2 TLS: an old protocol only")]
    public async Task SendAsync_NoCommonProtocol_SendsNothing(CancellationToken cancellationToken)
    {
        // The alert "protocol_version", in place of a ServerHello.
        await using var server = new RawServer(async connection =>
        {
            _ = await connection.Stream.ReadAsync(new byte[1], connection.CancellationToken);
            await connection.WriteAsync([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);
        });
        using var client = new SocketClient(Secured(server));

        await client.FailToReachAsync(HttpRequestError.SecureConnectionError, cancellationToken);
    }

    [Test(Description = "C2 TLS: https against a plain port")]
    public async Task SendAsync_HttpsAgainstAPlainPort_SendsNothing(CancellationToken cancellationToken)
    {
        await using var server = new RawServer(async connection =>
        {
            _ = await connection.Stream.ReadAsync(new byte[1], connection.CancellationToken);
            await connection.AnswerAsync("400 Bad Request", "plain HTTP request expected");
        });
        using var client = new SocketClient(Secured(server));

        await client.FailToReachAsync(HttpRequestError.SecureConnectionError, cancellationToken);
    }

    [Test(Description = "C2 TLS: handshake stall")]
    public async Task SendAsync_HandshakeStalls_EndsByTheAttemptTimeout(CancellationToken cancellationToken)
    {
        var stalled = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            _ = await connection.Stream.ReadAsync(new byte[1], connection.CancellationToken);
            stalled.SetResult();
            await connection.HangAsync();
        });
        using var client = new SocketClient(Secured(server));

        await AssertTimesOutAsync(client, stalled.Task, cancellationToken);
    }

    private static Uri Secured(RawServer server) => new($"https://localhost:{server.Port}");

    private static async Task ReportAsync(SslStream secured, RawConnection connection)
    {
        // A client that accepts the certificate would now write its request; the answer makes that visible.
        byte[] buffer = new byte[4096];
        if (await secured.ReadAsync(buffer, connection.CancellationToken) > 0)
        {
            await secured.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"access_token\":\"t\"}"u8.ToArray(), connection.CancellationToken);
        }
    }

    private static X509Certificate2 CreateCertificate(string host, int validFromDays, int validToDays)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(validFromDays).AddHours(-1), now.AddDays(validToDays));
    }
}
