using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <summary>Handlers of the application stand between the caller's address and the one that is really used.</summary>
[CancelAfter(60_000)]
internal sealed class OriginGuardTests
{
    private static readonly string[] Strangers =
        ["https://evil.example/", "http://evil.example/", "https://api.example.com.evil.example/", "https://api.example.com:8443/", "http://api.example.com/", "http://localhost:5000/", "https://evil/"];

    [Test, Description("A9")]
    public async Task SendAsync_HandlerFollowsARedirectWithTheHeaders_TokenStaysWhereItIsAllowed(
        [ValueSource(nameof(Strangers))] string target, [Values] HeaderCopy copy, [Values] bool isAbove)
    {
        void Follow(IHttpClientBuilder http) => http.AddHttpMessageHandler(() => new RedirectFollower(copy));
        using var rig = new ApiRig(above: isAbove ? Follow : null, below: isAbove ? null : Follow);
        rig.Api.AnswerWith(call => call.Number == 1 ? Redirect(target) : new HttpResponseMessage(HttpStatusCode.OK));

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>().With.Property(nameof(SpidException.Kind)).EqualTo(SpidErrorKind.Configuration));

        Assert.That(rig.Api.Calls.Select(call => call.Uri!.Host), Is.EqualTo(new[] { "api.example.com" }));
    }

    [Test, Description("A9: the handler stands around the whole client")]
    public async Task SendAsync_HandlerAroundTheClientFollowsARedirect_FindsNoTokenToCopy([Values(HeaderCopy.Text, HeaderCopy.Value)] HeaderCopy copy)
    {
        using var rig = new ApiRig();
        using var client = new HttpClient(new RedirectFollower(copy) { InnerHandler = rig.Handler });
        rig.Api.AnswerWith(call => call.Number == 1 ? Redirect("https://evil.example/") : new HttpResponseMessage(HttpStatusCode.OK));

        await Assert.ThatAsync(() => client.GetAsync("https://api.example.com/v1/messages"), Throws.TypeOf<SpidException>());

        Assert.That(rig.Api.Count, Is.EqualTo(1));
    }

    [TestCase("https://api.example.com/v2/messages")]
    [TestCase("https://archive.example.com/")]
    public async Task SendAsync_HandlerFollowsARedirectToAnAllowedOrigin_TokenGoesThere(string target, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(
            options => options.AllowedOrigins.Add("https://archive.example.com"),
            below: http => http.AddHttpMessageHandler(() => new RedirectFollower(HeaderCopy.Text)));
        rig.Api.AnswerWith(call => call.Number == 1 ? Redirect(target) : new HttpResponseMessage(HttpStatusCode.OK));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
    }

    [Test(Description = "What is behind a service name is the application's word; where a redirect leads is said by whoever answers")]
    public async Task SendAsync_ServiceNameAndRedirectToAStranger_TokenStaysWhereItIsAllowed([Values] HeaderCopy copy)
    {
        using var rig = new ApiRig(below: http => Resolve(http, "https://10.0.0.7:7043/").AddHttpMessageHandler(() => new RedirectFollower(copy)));
        rig.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri("https+http://apiservice"));
        rig.Api.AnswerWith(call => call.Number == 1 ? Redirect("https://evil.example/") : new HttpResponseMessage(HttpStatusCode.OK));

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>());

        Assert.That(rig.Api.Calls.Select(call => call.Uri!.Host), Is.EqualTo(new[] { "10.0.0.7" }));
    }

    [TestCase("https+http://apiservice", "https://10.0.0.7:7043/")]
    [TestCase("https+http://apiservice", "http://localhost:5043/")]
    [TestCase("http+https://apiservice", "http://127.0.0.1:5043/")]
    [TestCase("https+http://_grpc.apiservice", "https://apiservice.internal/")]
    [TestCase("https://apiservice", "https://10.0.0.7:7043/")]
    [TestCase("https://_grpc.apiservice", "https://10.0.0.7:7043/")]
    [TestCase("http://apiservice", "http://localhost:5043/")]
    [Description("A8")]
    public async Task SendAsync_ServiceName_TokenGoesToWhatItStandsFor(string name, string address)
    {
        using var rig = new ApiRig(above: http => Resolve(http, address));
        rig.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri(name));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages");

        Assert.That(rig.Api.Calls.Select(call => (call.Token, call.Uri!.GetLeftPart(UriPartial.Authority) + "/")), Is.EqualTo(new[] { ("token-1", address) }));
    }

    [Test(Description = "A typed client that sets its address in its constructor")]
    public async Task SendAsync_ServiceNameIsListed_TokenGoesToWhatItStandsFor()
    {
        using var rig = new ApiRig(options => options.AllowedOrigins.Add("https+http://apiservice"), above: http => Resolve(http, "https://10.0.0.7:7043/"));
        using var invoker = new HttpMessageInvoker(rig.Handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://apiservice/messages");

        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);

        Assert.That(rig.Api.Calls.Select(call => (call.Token, call.Uri!.Host)), Is.EqualTo(new[] { ("token-1", "10.0.0.7") }));
    }

    [TestCase("https+http://apiservice")]
    [TestCase("http://apiservice")]
    public async Task SendAsync_ServiceNameStandsForPlainHttpElsewhere_ThrowsUnlessAllowed(string name)
    {
        using var refused = new ApiRig(above: http => Resolve(http, "http://10.0.0.7:5043/"));
        refused.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri(name));
        using var allowed = new ApiRig(options => options.AllowPlainHttp = true, above: http => Resolve(http, "http://10.0.0.7:5043/"));
        allowed.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri(name));

        await Assert.ThatAsync(() => refused.Client.GetAsync("messages"), Throws.TypeOf<SpidException>().With.Message.Contain("AllowPlainHttp"));
        using HttpResponseMessage response = await allowed.Client.GetAsync("messages");

        Assert.That((refused.Api.Count, allowed.Api.Tokens.Single()), Is.EqualTo((0, "token-1")));
    }

    [Test(Description = "The table of one request has room for its redirects, however many others there were")]
    public async Task SendAsync_ServiceNameAndManyRedirectsBefore_TokenStaysWhereItIsAllowed()
    {
        using var rig = new ApiRig(below: http => Resolve(http, "https://10.0.0.7:7043/").AddHttpMessageHandler(() => new RedirectFollower(HeaderCopy.Text)));
        rig.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri("https+http://apiservice"));
        rig.Api.AnswerWith(call => Redirect($"https://evil{call.Number}.example/"));

        for (int request = 0; request < 150; request++)
        {
            await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>());
        }

        Assert.That(rig.Api.Calls.Select(call => call.Uri!.Host), Is.All.EqualTo("10.0.0.7"));
    }

    [Test(Description = "A replica that was the target of a redirect is found by service discovery later")]
    public async Task SendAsync_ServiceNameStandsForWhatARedirectOnceNamed_TokenGoesThere(CancellationToken cancellationToken)
    {
        var address = new Uri("https://10.0.0.7:7043/");
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new AddressHandler(() => address)));
        rig.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri("https+http://apiservice"));
        rig.Api.AnswerWith(call => call.Number == 1 ? Redirect("https://10.0.0.8:7043/") : new HttpResponseMessage(HttpStatusCode.OK));
        using HttpResponseMessage first = await rig.Client.GetAsync("messages", cancellationToken);

        address = new Uri("https://10.0.0.8:7043/");
        using HttpResponseMessage second = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => (call.Uri!.Host, call.Token)), Is.EqualTo(new[] { ("10.0.0.7", "token-1"), ("10.0.0.8", "token-1") }));
    }

    [Test(Description = "Beside a service name an ordinary address is guarded as ever")]
    public async Task SendAsync_OrdinaryAddressBesideAServiceName_IsNotRewrittenWithTheToken()
    {
        using var rig = new ApiRig(options => options.AllowedOrigins.Add("https://orders"), below: http => Resolve(http, "https://elsewhere.example/"));

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>());

        Assert.That(rig.Api.Count, Is.Zero);
    }

    [TestCase("//")]
    [TestCase("///")]
    [TestCase("http:")]
    [TestCase("//:80")]
    [TestCase("//@/")]
    public async Task SendAsync_ServiceNameAndALocationThatIsNone_AnswerGoesToTheCaller(string location)
    {
        using var rig = new ApiRig(below: http => Resolve(http, "https://10.0.0.7:7043/"));
        rig.HttpClient.ConfigureHttpClient(http => http.BaseAddress = new Uri("https+http://apiservice"));
        rig.Api.AnswerWith(_ =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.Found);
            response.Headers.TryAddWithoutValidation("Location", location);
            return response;
        });

        using HttpResponseMessage response = await rig.Client.GetAsync("messages");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
    }

    [TestCase("https://10.0.0.7:7043/", false)]
    [TestCase("https://api.example.com.evil.example/", false)]
    [TestCase("http://localhost:3500/", false)]
    [TestCase("https://10.0.0.7:7043/", true)]
    public async Task SendAsync_HandlerRewritesAPublicAddress_TokenGoesThereOnlyIfListed(string address, bool isListed)
    {
        using var rig = new ApiRig(options => options.AllowedOrigins.Add(isListed ? address : "https://archive.example.com"), below: http => Resolve(http, address));

        Task<HttpResponseMessage> call = rig.Client.GetAsync("messages");

        await Assert.ThatAsync(() => call, isListed ? Throws.Nothing : Throws.TypeOf<SpidException>().With.Message.Contain("AllowedOrigins.Add"));
        Assert.That(rig.Api.Count, Is.EqualTo(isListed ? 1 : 0));
    }

    [Test(Description = "A refusal is no failure of the service, which resilience handlers would repeat")]
    public async Task SendAsync_Refused_HandlersInBetweenSeeNoHttpRequestException()
    {
        Exception? seen = null;
        using var rig = new ApiRig(below: http => Resolve(http.AddHttpMessageHandler(() => new WatchingHandler(exception => seen = exception)), "https://evil.example/"));

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>());

        Assert.That(seen, Is.Not.Null.And.Not.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task SendAsync_RequestOfTheCallersOwn_GoesWhereverItIsSent(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(below: http => Resolve(http, "https://elsewhere.example/"));
        using var own = new HttpRequestMessage(HttpMethod.Get, "messages") { Headers = { { "Authorization", "Bearer of-the-caller" } } };
        using HttpRequestMessage none = new HttpRequestMessage(HttpMethod.Get, "messages").WithoutSpidToken();

        using HttpResponseMessage first = await rig.Client.SendAsync(own, cancellationToken);
        using HttpResponseMessage second = await rig.Client.SendAsync(none, cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => call.Authorization), Is.EqualTo(new[] { "Bearer of-the-caller", null }));
    }

    [Test]
    public void Send_HandlerRewritesTheAddress_Throws()
    {
        using var rig = new ApiRig(below: http => Resolve(http, "https://evil.example/"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");

        Assert.That(() => rig.Client.Send(request), Throws.TypeOf<SpidException>());
        Assert.That(rig.Api.Count, Is.Zero);
    }

    private static HttpResponseMessage Redirect(string target) => new(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri(target) } };

    private static IHttpClientBuilder Resolve(IHttpClientBuilder http, string address) => http.AddHttpMessageHandler(() => new AddressHandler(() => new Uri(address)));

    private sealed class AddressHandler(Func<Uri> findAddress) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Rewrite(request);
            return base.Send(request, cancellationToken);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Rewrite(request);
            return base.SendAsync(request, cancellationToken);
        }

        private void Rewrite(HttpRequestMessage request)
        {
            if (!request.RequestUri!.Host.Contains("evil", StringComparison.Ordinal))
            {
                request.RequestUri = new Uri(findAddress(), request.RequestUri.PathAndQuery);
            }
        }
    }

    private sealed class WatchingHandler(Action<Exception> note) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (Exception exception)
            {
                note(exception);
                throw;
            }
        }
    }
}
