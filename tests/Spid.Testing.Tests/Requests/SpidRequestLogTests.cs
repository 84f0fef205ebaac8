using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Requests;

public sealed class SpidRequestLogTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task To_Endpoint_ShowsWhatWasSent()
    {
        await StartAsync(options => options.Behavior.AcceptUnregisteredResources = true);
        await GetAsync("oauth/jwks?a=1");

        await TokenAsync(("resource", "https://b.example.com"), ("scope", "x y"), ("resource", "https://a.example.com"));

        var request = Spid.Requests.To(SpidEndpoint.Token).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spid.Requests.Count, Is.EqualTo(2));
            Assert.That(Spid.Requests.All[0].Query, Is.EqualTo("?a=1"));
            Assert.That(request.Method, Is.EqualTo("POST"));
            Assert.That(request.Path, Is.EqualTo("/oauth/token"));
            Assert.That(request.Status, Is.EqualTo(200));
            Assert.That(request.ClientId, Is.EqualTo(Spid.ClientId));
            Assert.That(request.ReceivedAt, Is.EqualTo(Clock.GetUtcNow()));
            Assert.That(request.Form.Select(field => field.Key), Is.EqualTo(new[] { "grant_type", "resource", "scope", "resource" }));
            Assert.That(request.FormValues("resource"), Is.EqualTo(new[] { "https://b.example.com", "https://a.example.com" }));
            Assert.That(request.FormValues("missing"), Is.Empty);
            Assert.That(request.Header("x-oidc"), Is.EqualTo("v1"));
            Assert.That(request.Header("missing"), Is.Null);
            Assert.That(request.Headers["Authorization"].Single(), Does.StartWith("Basic "));
            Assert.That(request.Body, Does.StartWith("grant_type=client_credentials&resource=https%3A%2F%2Fb"));
        }
    }

    [Test]
    public async Task ClientId_OtherCredentials_IsFoundInBodyAndBearer()
    {
        await StartAsync();
        await PostAsync("oauth/token", client: null, modern: true, ("client_id", "from-body"), ("client_secret", "x"));
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/register");
        request.Headers.Authorization = Forms.Bearer(Spid.Issue());
        await SendAsync(request);
        await GetAsync("oauth/jwks");

        Assert.That(Spid.Requests.All.Select(one => one.ClientId), Is.EqualTo(new[] { "from-body", Spid.ClientId, null }));
    }

    [Test]
    public async Task ToString_Request_LeavesSecretsAndTokensOut()
    {
        await StartAsync();
        var token = Spid.Issue();
        await PostAsync("oauth/token", client: null, modern: true, ("client_id", "someone"), ("client_secret", "hush"), ("scope", "read"));
        await IntrospectAsync(token);
        await GetAsync($"api/2/token/{token}/authentication");

        var lines = Spid.Requests.All.Select(request => request.ToString()).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[0], Is.EqualTo("POST /oauth/token -> 400; client_id=someone; client_secret=[redacted]; scope=read"));
            Assert.That(lines[1], Is.EqualTo("POST /oauth/introspect -> 200; Authorization: Basic [redacted]; token=[redacted]"));
            Assert.That(lines[2], Is.EqualTo("GET /api/2/token/[redacted]/authentication -> 200"));
        }
    }

    [Test]
    public async Task ToString_NoAnswerOrNoScheme_SaysSoWithoutTheValue()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.DroppedConnection());
        using var request = new HttpRequestMessage(HttpMethod.Get, "oauth/jwks");
        request.Headers.TryAddWithoutValidation("Authorization", "naked");

        Assert.That(async () => await Http.SendAsync(request), Throws.InstanceOf<HttpRequestException>());

        Assert.That(Spid.Requests.All[0].ToString(), Is.EqualTo("GET /oauth/jwks -> no answer; Authorization: [redacted]"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task WaitForAsync_Count_EndsWithThatRequest(CancellationToken cancellationToken)
    {
        await StartAsync();
        await TokenAsync();

        var waiting = Spid.Requests.WaitForAsync(SpidEndpoint.Token, 2, cancellationToken);
        await GetAsync("oauth/jwks");
        Assert.That(waiting.IsCompleted, Is.False);
        await TokenAsync();

        Assert.That(await waiting, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task WaitForAsync_Cancelled_Throws()
    {
        await StartAsync();

        Assert.That(
            async () => await Spid.Requests.WaitForAsync(SpidEndpoint.Token, 1, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Clear_Called_EmptiesTheLog()
    {
        await StartAsync();
        await TokenAsync();

        Spid.Requests.Clear();

        Assert.That(Spid.Requests.All, Is.Empty);
    }

    [Test]
    public async Task Capacity_Reached_DropsTheOldest()
    {
        await StartAsync(options => options.RequestLogCapacity = 2);

        await TokenAsync();
        await GetAsync("oauth/jwks");
        await GetAsync("oauth/jwks");

        Assert.That(Spid.Requests.All.Select(request => request.Endpoint), Is.EqualTo(new[] { SpidEndpoint.Jwks, SpidEndpoint.Jwks }));
    }

    [Test]
    public void Capacity_Zero_Throws() =>
        Assert.That(() => SpidServer.Create(options => options.RequestLogCapacity = 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
