using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

[CancelAfter(60_000)]
internal sealed partial class SpidTokenHandlerTests
{
    [Test]
    public async Task SendAsync_OwnOrigin_CarriesTheToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();

        using HttpResponseMessage first = await rig.Client.GetAsync("messages", cancellationToken);
        using HttpResponseMessage second = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rig.Api.Calls.Select(call => call.Authorization), Is.EqualTo(new[] { "Bearer token-1", "Bearer token-1" }));
            Assert.That(rig.Api.Calls.First().Uri, Is.EqualTo(new Uri("https://api.example.com/v1/messages")));
            Assert.That(rig.Spid.Count, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_HandlerMadeByHand_CarriesTheToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var api = new StubApi();
        var options = new SpidTokenHandlerOptions { AllowedOrigins = { "https://api.example.com" } };
        using var http = new HttpClient(new SpidTokenHandler(client.Tokens, options) { InnerHandler = api });

        using HttpResponseMessage response = await http.GetAsync(new Uri("https://api.example.com/messages"), cancellationToken);

        Assert.That(api.Tokens, Is.EqualTo(new[] { "token-1" }));
    }

    [Test]
    public void Constructor_InvalidOptions_NamesEveryFault()
    {
        using var client = new TestClient();
        var options = new SpidTokenHandlerOptions { Scope = "a\"b", Resources = { "relative" }, AllowedOrigins = { "http://api.example.com" }, ReplayBufferLimit = -1 };

        var exception = Assert.Throws<OptionsValidationException>(() => _ = new SpidTokenHandler(client.Tokens, options));

        Assert.That(exception.Failures, Has.Exactly(4).Items);
    }

    [Test]
    public async Task SendAsync_RequestHasAuthorization_LeavesItAlone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "b3duOm9uZQ==");

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rig.Api.Calls.Single().Authorization, Is.EqualTo("Basic b3duOm9uZQ=="));
            Assert.That(rig.Spid.Count, Is.Zero);
            Assert.That(rig.Logs.GetSnapshot().Select(record => record.Id.Name), Has.Member("AuthorizationKept"));
        }
    }

    [TestCase("key/with+slashes==")]
    [TestCase("\"quoted\"")]
    public async Task SendAsync_AuthorizationThatIsNoScheme_LeavesItAlone(string value, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        request.Headers.TryAddWithoutValidation("Authorization", value);

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        Assert.That(rig.Api.Calls.Single().Headers["Authorization"], Is.EqualTo(value));
        Assert.That(rig.Spid.Count, Is.Zero);
    }

    [Test]
    public async Task SendAsync_DefaultRequestHeadersHaveAuthorization_LeavesItAlone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "own");
        rig.Api.Refuse("own");

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "own" }));
            Assert.That(rig.Spid.Count, Is.Zero);
        }
    }

    [Test]
    public async Task SendAsync_EveryRequest_ArrivesWithNoCredentialButTheToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new StringContent("hello"), cancellationToken);

        ApiCall call = rig.Api.Calls.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Headers.Keys, Is.EquivalentTo(new[] { "Authorization" }));
            Assert.That(call.ContentHeaders.Keys, Is.SubsetOf(new[] { "Content-Type", "Content-Length" }));
            Assert.That(call.Uri!.Query, Is.Empty);
        }
    }

    [Test]
    public async Task SendAsync_ClientDisposed_ThrowsAndSendsNothing(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        _ = rig.Client;
        rig.Tokens.Dispose();

        Assert.That(async () => await rig.Client.GetAsync("messages", cancellationToken), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(rig.Api.Count, Is.Zero);
        await Task.CompletedTask;
    }

    [Test]
    public async Task SendAsync_ThousandRequestsForFiftyTokens_NeverMixesThem(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Spid.Answer = (_, form, _) => Task.FromResult(StubSpid.Token(ScopeIn(form)));
        rig.Api.AnswerWith(call => new HttpResponseMessage(call.Token == call.Headers["X-Expected"] ? HttpStatusCode.OK : HttpStatusCode.Conflict));

        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async number =>
        {
            await Task.Yield();
            using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
            request.Headers.Add("X-Expected", $"scope-{number % 50}");
            request.WithSpidScope($"scope-{number % 50}");
            using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);
            return response.StatusCode;
        }));

        Assert.That(statuses, Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Spid.Count, Is.EqualTo(50));
    }

    private static string ScopeIn(string form) => FormIn(form)["scope"];

    private static Dictionary<string, string> FormIn(string form) => form.Split('&')
        .Select(pair => pair.Split('='))
        .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
}
