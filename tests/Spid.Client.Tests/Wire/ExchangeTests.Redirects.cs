using System.Net;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

/// <content>Redirects with the built-in backchannel.</content>
internal sealed partial class ExchangeTests
{
    [Test(Description = "C3 S8, zero 729, CVE-2022-31043, CVE-2022-31090, CVE-2022-31091, CVE-2023-45289, CVE-2025-21620: no redirect is followed, the second host hears nothing")]
    public async Task SendAsync_Redirect_IsAProtocolErrorAndTheSecondHostHearsNothing(
        [Values(300, 301, 302, 303, 305, 307, 308)] int status,
        [Values("same origin", "other port", "other scheme", "other host name", "subdomain", "scheme-relative", "user info")] string target,
        [Values(SpidClientAuthentication.Basic, SpidClientAuthentication.Body)] SpidClientAuthentication authentication,
        CancellationToken cancellationToken)
    {
        await using var second = new RawServer(connection => connection.AnswerAsync("200 OK", Token));
        int answers = 0;
        await using var first = new RawServer(async connection =>
        {
            string request = await connection.ReadRequestAsync();
            string own = request.Split("Host: ")[1].Split("\r\n")[0];
            string location = target switch
            {
                "same origin" => $"http://{own}/oauth/token",
                "other port" => $"http://127.0.0.1:{second.Port}/oauth/token",
                "other scheme" => $"https://127.0.0.1:{second.Port}/oauth/token",
                "other host name" => $"http://localhost:{second.Port}/oauth/token",
                "subdomain" => $"http://login.localhost:{second.Port}/oauth/token",
                "scheme-relative" => $"//127.0.0.1:{second.Port}/oauth/token",
                _ => $"http://{own}@127.0.0.1:{second.Port}/oauth/token",
            };
            answers++;
            await connection.AnswerAsync($"{status} Redirect", "", $"Location: {location}");
        });
        using var client = new SocketClient(first.Authority, options =>
        {
            options.ClientAuthentication = authentication;
            options.Resilience.RetryAttempts = 2;
        });

        SpidException failure = await client.FailAsync(SpidErrorKind.Protocol, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.SpidStatusCode, Is.EqualTo((HttpStatusCode)status));
            Assert.That(failure.Message, Does.EndWith("redirects are not followed, because a redirect would carry the client secret elsewhere."));
            Assert.That(answers, Is.EqualTo(1));
            Assert.That(second.Connections, Is.Zero);
        }
    }
}
