using System.Net;
using System.Net.Sockets;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests;

public sealed class SpidServerTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Start_NoOptions_ServesTheDefaultClientOverHttp()
    {
        await using var spid = await SpidServer.StartAsync();
        using var http = new HttpClient { BaseAddress = spid.BaseAddress };
        http.DefaultRequestHeaders.Authorization = Forms.Basic(spid.ClientId, spid.ClientSecret);

        using var response = await http.PostAsync(new Uri("oauth/token", UriKind.Relative), Forms.Content(("grant_type", "client_credentials")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(spid.BaseAddress.Scheme, Is.EqualTo("http"));
            Assert.That(spid.BaseAddress.IsLoopback, Is.True);
            Assert.That(spid.Issuer, Is.EqualTo($"http://127.0.0.1:{spid.BaseAddress.Port}/"));
        }
    }

    [Test]
    public async Task CreateHandler_ListeningServer_SharesItsState()
    {
        await using var spid = await SpidServer.StartAsync();
        using var http = spid.CreateClient();

        await http.GetStringAsync(new Uri("https://identity-pre.example.com/oauth/jwks"));

        Assert.That(spid.Requests.To(SpidEndpoint.Jwks), Has.Count.EqualTo(1));
    }

    [Test]
    public void Send_InMemory_AnswersSynchronously()
    {
        using var http = SpidServer.Create().CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "oauth/jwks");

        using var response = http.Send(request);
        using var body = new StreamReader(response.Content.ReadAsStream());

        Assert.That(body.ReadToEnd(), Does.StartWith("{\"keys\""));
    }

    [Test]
    public async Task Date_Header_ComesFromTheClock()
    {
        await StartAsync();

        var answer = await GetAsync("oauth/jwks");

        Assert.That(answer.Headers["Date"], Is.EqualTo("Mon, 02 Mar 2026 12:00:00 GMT"));
    }

    [Test]
    [NonParallelizable] // Its port is free for a while, and another test could get it.
    public async Task Stop_Running_RefusesRequests()
    {
        await StartAsync();

        await Spid.StopAsync();

        Assert.That(async () => await GetAsync("oauth/jwks"), Throws.InstanceOf<HttpRequestException>()
            .With.Property(nameof(HttpRequestException.HttpRequestError)).EqualTo(HttpRequestError.ConnectionError));
    }

    [Test]
    [NonParallelizable] // Its port is free for a while, and another test could get it.
    public async Task Restart_AfterStop_AnswersAtTheSameAddressWithTheSameState()
    {
        await StartAsync();
        var token = Spid.Issue();
        var address = Spid.BaseAddress;
        await Spid.StopAsync();
        await Spid.StopAsync();

        await Spid.RestartAsync();

        var answer = await IntrospectAsync(token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spid.BaseAddress, Is.EqualTo(address));
            Assert.That(answer.Json.GetProperty("active").GetBoolean(), Is.True);
        }
    }

    [Test]
    [NonParallelizable] // Its port is free for a while, and another test could get it.
    public async Task Restart_PortTakenMeanwhile_ThrowsAndStaysDown()
    {
        await using var spid = await SpidServer.StartAsync();
        using var http = spid.CreateClient();
        await spid.StopAsync();
        using var squatter = new TcpListener(IPAddress.Loopback, spid.BaseAddress.Port);
        squatter.Start();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await spid.RestartAsync(), Throws.InstanceOf<IOException>());
            Assert.That(async () => await http.GetAsync(new Uri("oauth/jwks", UriKind.Relative)), Throws.InstanceOf<HttpRequestException>());
        }
    }

    [Test]
    public async Task Restart_Disposed_Throws()
    {
        await StartAsync();
        await Spid.DisposeAsync();

        Assert.That(async () => await Spid.RestartAsync(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Start_PortTaken_Throws()
    {
        await using var first = await SpidServer.StartAsync();

        Assert.That(
            async () => await SpidServer.StartAsync(options => options.Port = first.BaseAddress.Port),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Token_HundredsOfConcurrentCallers_AllGetTheirOwn(CancellationToken cancellationToken)
    {
        await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => TokenAsync(("scope", $"s{i}")))).WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Select(answer => answer.AccessToken), Is.Unique);
            Assert.That(answers.Select(answer => answer.Json.GetProperty("scope").GetString()), Is.EqualTo(Enumerable.Range(0, 400).Select(i => $"s{i}")));
            Assert.That(Spid.Requests.Count, Is.EqualTo(400));
        }
    }

    [Test]
    public async Task ToString_Server_ShowsTheAddressOnly()
    {
        await StartAsync();

        Assert.That(Spid.ToString(), Is.EqualTo($"SpidServer at {Spid.BaseAddress}"));
    }

    [Test]
    public async Task Options_AddressAndIssuer_AreUsed()
    {
        await using var spid = SpidServer.Create(options =>
        {
            options.InMemoryAddress = new Uri("https://login.example.com/");
            options.Issuer = "https://issuer.example.com";
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(spid.BaseAddress, Is.EqualTo(new Uri("https://login.example.com/")));
            Assert.That(Jwt.Read(spid.Issue()).Issuer, Is.EqualTo("https://issuer.example.com"));
        }
    }
}
