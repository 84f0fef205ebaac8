namespace Spid.Testing.Tests.Faults;

public sealed partial class SpidFaultTests
{
    private static readonly Uri Jwks = new("oauth/jwks", UriKind.Relative);

    [Test]
    public async Task DroppedConnection_Sending_ThrowsAsARealConnectionDoes()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.DroppedConnection());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                async () => await Http.GetAsync(Jwks),
                Throws.InstanceOf<HttpRequestException>().With.InnerException.InstanceOf<IOException>());
            Assert.That(Spid.Requests.All[0].Status, Is.Null);
        }
    }

    [Test]
    public async Task TruncatedBody_Buffered_ThrowsWhenSending()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.TruncatedBody());

        Assert.That(async () => await Http.GetAsync(Jwks), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task TruncatedBody_Streamed_ThrowsAfterTheBytesSent()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.TruncatedBody(sentBytes: 5));

        using var response = await Http.GetAsync(Jwks, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();

        var start = new byte[5];
        await stream.ReadExactlyAsync(start);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(200));
            Assert.That(response.Content.Headers.ContentLength, Is.GreaterThan(5));
            Assert.That(start, Is.EqualTo("{\"key"u8.ToArray()));
            Assert.That(
                async () => await stream.ReadExactlyAsync(new byte[1]),
                Throws.InstanceOf<HttpIOException>().With.Property(nameof(HttpIOException.HttpRequestError)).EqualTo(HttpRequestError.ResponseEnded));
        }
    }

    [Test]
    public async Task TruncatedBody_ReadSynchronously_ThrowsAfterTheBytesSent()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.TruncatedBody(sentBytes: 3));
        using var request = new HttpRequestMessage(HttpMethod.Get, Jwks);
        using var response = Http.Send(request, HttpCompletionOption.ResponseHeadersRead);
        using var stream = response.Content.ReadAsStream();

        stream.ReadExactly(new byte[3]);

        Assert.That(() => stream.ReadExactly(new byte[1]), Throws.InstanceOf<HttpIOException>());
    }

    [Test]
    public async Task TruncatedBody_MoreThanThereIs_StillEndsTooEarly()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.TruncatedBody(sentBytes: 1_000_000));

        Assert.That(async () => await Http.GetAsync(Jwks), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task HangingBody_ClientGivesUp_IsCancelled(CancellationToken cancellationToken)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.HangingBody(sentBytes: 2));
        using var response = await Http.GetAsync(Jwks, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await stream.ReadExactlyAsync(new byte[2], cancellationToken);
        using var patience = new CancellationTokenSource();

        var rest = stream.ReadExactlyAsync(new byte[1], patience.Token).AsTask();

        Assert.That(rest.IsCompleted, Is.False);
        await patience.CancelAsync();
        Assert.That(async () => await rest, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task HangingBody_ServerStops_EndsTheResponse(CancellationToken cancellationToken)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.HangingBody(sentBytes: 2));
        using var response = await Http.GetAsync(Jwks, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var body = response.Content.ReadAsByteArrayAsync(cancellationToken);

        await Spid.StopAsync(cancellationToken);

        Assert.That(async () => await body, Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Hang_ClientGivesUp_IsCancelled(CancellationToken cancellationToken)
    {
        await StartAsync();
        Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Hang());
        using var patience = new CancellationTokenSource();
        var response = Http.GetAsync(Jwks, patience.Token);
        await Spid.Requests.WaitForAsync(SpidEndpoint.Jwks, 1, cancellationToken);

        await patience.CancelAsync();

        Assert.That(async () => await response, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Spid.Requests.All[0].Status, Is.Null);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Hang_ServerStops_EndsTheRequest(CancellationToken cancellationToken)
    {
        await StartAsync();
        Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Hang());
        var response = Http.GetAsync(Jwks, cancellationToken);
        await Spid.Requests.WaitForAsync(SpidEndpoint.Jwks, 1, cancellationToken);

        await Spid.StopAsync(cancellationToken);

        Assert.That(async () => await response, Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Delay_ClockMoves_AnswersAsUsual(CancellationToken cancellationToken)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.Delay(TimeSpan.FromSeconds(10)));
        var response = GetAsync("oauth/jwks");
        await Spid.Requests.WaitForAsync(SpidEndpoint.Jwks, 1, cancellationToken);
        Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(response.IsCompleted, Is.False);

        Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await response).Status, Is.EqualTo(200));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task After_OtherFault_ComesLate(CancellationToken cancellationToken)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.Status(503).After(TimeSpan.FromSeconds(10)).WithHeader("X-Late", "yes"));
        var response = GetAsync("oauth/jwks");
        await Spid.Requests.WaitForAsync(SpidEndpoint.Jwks, 1, cancellationToken);
        Assert.That(Spid.Requests.All[0].Status, Is.Null);

        Clock.Advance(TimeSpan.FromSeconds(10));

        var answer = await response;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(503));
            Assert.That(answer.Headers["X-Late"], Is.EqualTo("yes"));
        }
    }
}
