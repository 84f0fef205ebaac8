using System.Globalization;
using System.Net;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>The service redirects: .NET follows, takes the Authorization header off and changes the message in place.</content>
internal sealed partial class SpidTokenHandlerTests
{
    private static readonly int[] RedirectStatuses = [301, 302, 303, 307, 308];

    private static readonly string[] RedirectTargets = ["/elsewhere", "http://127.0.0.1:{own}/elsewhere", "http://localhost:{other}/elsewhere", "http://127.0.0.1:{other}/elsewhere"];

    [Test]
    public async Task SendAsync_RedirectedAndRefusedThere_NeverSendsTheTokenToTheTarget(
        [ValueSource(nameof(RedirectStatuses))] int status, [ValueSource(nameof(RedirectTargets))] string target, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var other = new LoopbackServer(_ => LoopbackServer.Status(401));
        string location = "";
        using var own = new LoopbackServer(head => head.Contains("/elsewhere", StringComparison.Ordinal)
            ? LoopbackServer.Status(401)
            : LoopbackServer.Status(status, $"Location: {location}\r\n"));
        location = target
            .Replace("{own}", own.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{other}", other.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var origin = new Uri($"http://localhost:{own.Port}");
        using var transport = new SocketsHttpHandler();
        using var http = new HttpClient(new SpidTokenHandler(client.Tokens, new SpidTokenHandlerOptions { AllowedOrigins = { origin.AbsoluteUri } }) { InnerHandler = transport });

        using HttpResponseMessage response = await http.PostAsync(new Uri(origin, "/start"), new StringContent("body"), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(own.Heads.First(), Does.Contain("Authorization: Bearer token-1"));
            Assert.That(own.Heads.Skip(1).Concat(other.Heads), Has.Exactly(1).Items.And.All.Not.Contains("Authorization"));
            Assert.That(client.Spid.Count, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_SameMessageAfterARedirectElsewhere_Throws(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Touch = request =>
        {
            request.Headers.Authorization = null;
            request.RequestUri = new Uri("https://elsewhere.example/");
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/v1/messages");
        using var invoker = new HttpMessageInvoker(rig.Handler);
        using HttpResponseMessage first = await invoker.SendAsync(request, cancellationToken);

        Assert.That(
            async () => await invoker.SendAsync(request, cancellationToken),
            Throws.TypeOf<SpidException>().With.Message.Contain("https://elsewhere.example"));
        Assert.That(rig.Api.Count, Is.EqualTo(1));
    }
}
