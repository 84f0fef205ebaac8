using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Which token a request asks for: its own words first, then the handler's, then the client's.</content>
internal sealed partial class SpidTokenHandlerTests
{
    private static readonly TokenRequest Whole = new("own", ["https://own.example"], [new KeyValuePair<string, string>("tenant", "own")]);

    [TestCaseSource(nameof(Combinations))]
    public async Task SendAsync_Overrides_AskForTheMergedToken(
        bool handlerHasOptions, Func<HttpRequestMessage, HttpRequestMessage> set, string scope, string resource, string tenant, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(
            handler =>
            {
                if (handlerHasOptions)
                {
                    handler.Scope = "handler";
                    handler.Resources.Add("https://handler.example");
                }
            },
            client =>
            {
                client.Scope = "client";
                client.Resources.Add("https://client.example");
                client.Parameters["tenant"] = "client";
            });

        using HttpResponseMessage response = await rig.Client.SendAsync(set(new(HttpMethod.Get, "messages")), cancellationToken);

        Dictionary<string, string> form = FormIn(rig.Spid.Forms.Single());
        Assert.That((form["scope"], form["resource"], form["tenant"]), Is.EqualTo((scope, resource, tenant)));
    }

    [Test]
    public async Task SendAsync_SeveralResources_SendsEach(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "messages").WithSpidResource("https://a.example", "https://b.example");

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        Assert.That(rig.Spid.Forms.Single(), Does.Contain("resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example"));
    }

    [Test]
    public async Task SendAsync_RequestRestatesTheDefaults_SharesTheirToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using HttpResponseMessage first = await rig.Client.GetAsync("messages", cancellationToken);
        using HttpResponseMessage second = await rig.Client.SendAsync(Scoped("read:messages"), cancellationToken);

        Assert.That(rig.Spid.Count, Is.EqualTo(1));
    }

    [TestCase("https://elsewhere.example/v1/messages")]
    [TestCase("http://api.example.com/v1/messages")]
    public async Task SendAsync_RequestWithAScopeOfItsOwnToAForeignOrigin_ThrowsAndSendsNothing(string url, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, url).WithSpidScope("own");

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Client.SendAsync(request, cancellationToken));

        Assert.That(exception!.Kind, Is.EqualTo(SpidErrorKind.Configuration));
        Assert.That((rig.Spid.Count, rig.Api.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task SendAsync_WithoutSpidToken_GoesAnywhereAndAsksForNone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://elsewhere.example/");

        using HttpResponseMessage response = await rig.Client.SendAsync(request.WithoutSpidToken(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rig.Api.Calls.Single().Authorization, Is.Null);
            Assert.That(rig.Api.Calls.Single().Headers, Does.Not.ContainKey("Authorization"));
            Assert.That(rig.Spid.Count, Is.Zero);
        }
    }

    [Test]
    public async Task SendAsync_WithoutSpidTokenBesideAScope_CarriesNone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();

        using HttpResponseMessage response = await rig.Client.SendAsync(Scoped("admin").WithoutSpidToken(), cancellationToken);

        Assert.That(rig.Api.Calls.Single().Authorization, Is.Null);
    }

    [TestCase("")]
    [TestCase("  ")]
    public void WithSpidScope_Empty_Throws(string scope)
    {
        using var request = new HttpRequestMessage();

        Assert.That(() => request.WithSpidScope(scope), Throws.ArgumentException.With.Property("ParamName").EqualTo("scope"));
    }

    [Test]
    public void WithSpidMethods_UnsendableValues_Throw()
    {
        using var request = new HttpRequestMessage();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => request.WithSpidScope("a\"b"), Throws.ArgumentException.With.Message.Contain("RFC 6749 section 3.3"));
            Assert.That(() => request.WithSpidResource("relative"), Throws.ArgumentException.With.Message.Contain("RFC 8707 section 2"));
            Assert.That(() => request.WithSpidToken(null!), Throws.ArgumentNullException);
            Assert.That(() => SpidRequestExtensions.WithoutSpidToken(null!), Throws.ArgumentNullException);
        }
    }

    [Test]
    public void GetOverrides_NothingSet_LeavesTheOptionsOfTheRequestUnborn()
    {
        using var request = new HttpRequestMessage();
        _ = RequestOverrides.Get(request);
        long before = GC.GetAllocatedBytesForCurrentThread();

        _ = RequestOverrides.Get(request);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static IEnumerable<TestCaseData> Combinations()
    {
        yield return Case("client", false, request => request, "client", "https://client.example", "client");
        yield return Case("handler", true, request => request, "handler", "https://handler.example", "client");
        yield return Case("scope", false, request => request.WithSpidScope("own"), "own", "https://client.example", "client");
        yield return Case("scope over handler", true, request => request.WithSpidScope("own"), "own", "https://handler.example", "client");
        yield return Case("resource", false, request => request.WithSpidResource("https://own.example"), "client", "https://own.example", "client");
        yield return Case("resource over handler", true, request => request.WithSpidResource("https://own.example"), "handler", "https://own.example", "client");
        yield return Case("scope then resource", true, request => request.WithSpidScope("own").WithSpidResource("https://own.example"), "own", "https://own.example", "client");
        yield return Case("resource then scope", true, request => request.WithSpidResource("https://own.example").WithSpidScope("own"), "own", "https://own.example", "client");
        yield return Case("whole", true, request => request.WithSpidToken(Whole), "own", "https://own.example", "own");
        yield return Case("whole then scope", true, request => request.WithSpidToken(Whole).WithSpidScope("later"), "later", "https://own.example", "own");
        yield return Case("scope then whole", true, request => request.WithSpidScope("earlier").WithSpidToken(Whole), "own", "https://own.example", "own");

        static TestCaseData Case(string name, bool handler, Func<HttpRequestMessage, HttpRequestMessage> set, string scope, string resource, string tenant) =>
            new TestCaseData(handler, set, scope, resource, tenant).SetArgDisplayNames(name);
    }
}
