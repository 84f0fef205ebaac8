using System.Net;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>Opaque tokens, looked up one by one because the options say so.</summary>
[CancelAfter(60_000)]
internal sealed class TokenLookUpTests
{
    private const string Token = "0123456789abcdef0123456789abcdef01234567";
    private const string NotFound = """{"name":"SPP Container","code":404,"type":"error","error":{"code":404,"type":"ApiException","description":"x"},"data":null}""";

    [Test(Description = "V45")]
    public async Task VerifyAsync_TokenOfAClient_IsAcceptedUntilItExpires(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(options => options.ServerTokensOnly = true);
        List<string> seen = [];
        rig.Spid.LookUp = (path, authorization, _) =>
        {
            seen.Add($"{path} {authorization}");
            return Task.FromResult(Container());
        };

        SpidVerificationResult result = await rig.VerifyAsync(Token, cancellationToken);
        SpidVerificationResult again = await rig.VerifyAsync(Token, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.Token.ClientId, result.Token.Source, result.Token.Scopes.Count), Is.EqualTo((Forge.ClientId, SpidTokenSource.Introspected, 0)));
            Assert.That(result.Token.ExpiresAt, Is.EqualTo(rig.Now.AddSeconds(3584)));
            Assert.That(again.Token.Source, Is.EqualTo(SpidTokenSource.Cached));
            Assert.That(seen, Is.EqualTo(new[] { $"/api/2/token/{Token}/authentication Bearer own-1" }));
            Assert.That((rig.Spid.Introspections, rig.Spid.TokenRequests), Is.EqualTo((0, 1)));
            Assert.That(rig.Spid.Requests.Select(request => request.Message.Headers.GetValues("X-OIDC").Single()), Is.All.EqualTo("v1"));
        }
    }

    [Test(Description = "V46")]
    public async Task VerifyAsync_UnknownToken_IsNotActive(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Json(NotFound, HttpStatusCode.NotFound));

        SpidVerificationReason[] reasons = [await rig.ReasonAsync(Token, cancellationToken), await rig.ReasonAsync(Token, cancellationToken)];

        Assert.That(reasons, Is.All.EqualTo(NotActive));
        Assert.That(rig.Spid.LookUps, Is.EqualTo(1));
    }

    [TestCase("null", false)]
    [TestCase("false", false)]
    [TestCase("\"\"", false)]
    [TestCase("\"12345\"", true)]
    [TestCase("12345", true)]
    public async Task VerifyAsync_UserId_SaysWhetherItIsAUsersToken(string userId, bool isUser)
    {
        using VerifierRig lenient = Create();
        using VerifierRig strict = Create(options => options.ServerTokensOnly = true);
        foreach (VerifierRig rig in new[] { lenient, strict })
        {
            rig.Spid.LookUp = (_, _, _) => Task.FromResult(Container(userId, isUser ? "USER" : "CLIENT"));
        }

        Assert.That(await lenient.ReasonAsync(Token, CancellationToken.None), Is.EqualTo(None));
        Assert.That(await strict.ReasonAsync(Token, CancellationToken.None), Is.EqualTo(isUser ? UserToken : None));
    }

    [Test]
    public async Task VerifyAsync_RequiredScope_IsAlwaysMissing(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(Container());

        Assert.That((await rig.VerifyAsync(Token, ["read:messages"], cancellationToken)).Reason, Is.EqualTo(MissingScope));
    }

    [TestCase("0")]
    [TestCase("-5")]
    public async Task VerifyAsync_NothingLeftOfItsLife_IsNotActive(string expiresIn)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(Container(expiresIn: expiresIn));

        Assert.That(await rig.ReasonAsync(Token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_OwnTokenIsRefused_IsRenewedOnce(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, authorization, _) => Task.FromResult(authorization == "Bearer own-1" ? StubSpid.Status(HttpStatusCode.Unauthorized) : Container());

        Assert.That(await rig.ReasonAsync(Token, cancellationToken), Is.EqualTo(None));
        Assert.That((rig.Spid.TokenRequests, rig.Spid.LookUps), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task VerifyAsync_RenewedTokenIsRefusedToo_IsUnavailable(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Unauthorized));

        SpidVerificationResult result = await rig.VerifyAsync(Token, cancellationToken);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, CredentialsRefused)));
        Assert.That((rig.Spid.TokenRequests, rig.Spid.LookUps), Is.EqualTo((2, 2)));
    }

    [TestCase(404, "<html>", Description = "a proxy, or a wrong authority")]
    [TestCase(404, "")]
    [TestCase(404, """{"error":"not_found"}""")]
    [TestCase(404, """{"error":{"code":404,"type":"unknown_client"}}""")]
    [TestCase(302, "")]
    [TestCase(400, NotFound)]
    [TestCase(401, """{"error":"insufficient_scope"}""")]
    [TestCase(403, NotFound)]
    [TestCase(420, NotFound)]
    [TestCase(429, "")]
    [TestCase(500, NotFound)]
    [TestCase(200, "<html>")]
    [TestCase(200, "[]")]
    [TestCase(200, "{}")]
    [TestCase(200, """{"data":null}""")]
    [TestCase(200, """{"data":{"clientId":"c"}}""")]
    [TestCase(200, """{"data":{"clientId":"c","expiresIn":"soon"}}""")]
    [TestCase(200, """{"data":{"clientId":7,"expiresIn":60}}""")]
    [TestCase(200, """{"data":{"expiresIn":60}}""")]
    [TestCase(200, """{"data":{"clientId":"c","expiresIn":60,"type":"USER","userId":null}}""")]
    [TestCase(200, """{"data":{"id":"another","clientId":"c","expiresIn":60}}""")]
    public async Task VerifyAsync_AnyOtherAnswer_IsUnavailableAndNeverARefusal(int status, string body)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Json(body, (HttpStatusCode)status));

        Assert.That((await rig.VerifyAsync(Token, CancellationToken.None)).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
    }

    [TestCase(400, """{"error":"invalid_client_credentials"}""", CredentialsRefused)]
    [TestCase(200, "{}", IntrospectionFailed)]
    public async Task VerifyAsync_NoServerToken_IsUnavailable(int status, string body, SpidVerificationReason expected)
    {
        using VerifierRig rig = Create();
        rig.Spid.Token = _ => StubSpid.Json(body, (HttpStatusCode)status);

        Assert.That(await rig.ReasonAsync(Token, CancellationToken.None), Is.EqualTo(expected));
        Assert.That(rig.Spid.LookUps, Is.Zero);
    }

    [TestCase("..", Description = "a path of its own")]
    [TestCase("a/b")]
    [TestCase("a.b.c", Description = "a broken JWT")]
    [TestCase(513)]
    public async Task VerifyAsync_TokenThatDoesNotBelongInAPath_IsRefusedWithoutACall(object token)
    {
        using VerifierRig rig = Create();

        Assert.That(await rig.ReasonAsync(token as string ?? new string('a', (int)token), CancellationToken.None), Is.EqualTo(OpaqueToken));
        Assert.That(rig.Spid.Requests, Is.Empty);
    }

    [Test]
    public async Task VerifyAsync_SpecialCharacters_AreEscaped(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        string? seen = null;
        rig.Spid.LookUp = (path, _, _) =>
        {
            seen = path;
            return Task.FromResult(Container());
        };

        await rig.VerifyAsync("a+b~c-d_e==", cancellationToken);

        Assert.That(seen, Is.EqualTo("/api/2/token/a%2Bb~c-d_e%3D%3D/authentication"));
    }

    [Test]
    public async Task VerifyAsync_EndpointsOfTheirOwnOverPlainHttp_AreAskedThere(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(options =>
        {
            (options.Environment, options.Authority, options.AllowPlainHttp) = (null, new Uri("http://spid:5901"), true);
            (options.LookUpEndpoint, options.TokenEndpoint) = (new Uri("http://platform:5902/api/2/tokens/"), new Uri("http://tokens:5903/oauth/token"));
        });
        List<string> seen = [];
        rig.Spid.LookUp = (path, authorization, _) =>
        {
            seen.Add($"{path} {authorization}");
            return Task.FromResult(Container());
        };

        Assert.That(await rig.ReasonAsync(Token, cancellationToken), Is.EqualTo(None));

        Assert.That(seen, Is.EqualTo(new[] { $"/api/2/tokens/{Token}/authentication Bearer own-1" }));
        Assert.That(rig.Spid.Requests.Select(request => request.Message.RequestUri!.Authority), Is.EqualTo(new[] { "tokens:5903", "platform:5902" }));
    }

    [Test]
    public async Task VerifyAsync_ManyAtOnce_OneCall(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.LookUp = (_, _, _) => answer.Task;
        Task<SpidVerificationReason>[] all = [.. Enumerable.Range(0, 50).Select(_ => rig.ReasonAsync(Token, cancellationToken))];
        await Wait.UntilAsync(() => rig.Spid.LookUps == 1, cancellationToken);

        answer.SetResult(Container());

        Assert.That(await Task.WhenAll(all), Is.All.EqualTo(None));
        Assert.That(rig.Spid.LookUps, Is.EqualTo(1));
    }

    [Test(Description = "B3")]
    public async Task VerifyAsync_LookUpKeepsFailing_ItsBreakerOpensAndIntrospectionGoesOn(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        for (int request = 0; request < 20; request++)
        {
            await rig.VerifyAsync($"token{request}", cancellationToken);
        }

        rig.AnswerActive();
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        Assert.That(await rig.ReasonAsync("another", cancellationToken), Is.EqualTo(CircuitOpen));
        Assert.That(rig.Spid.LookUps, Is.EqualTo(10));
    }

    [Test]
    public async Task VerifyAsync_LookUpHangs_IsUnavailableWhenTheTimeIsUp(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, ended) => StubSpid.NeverAsync(ended);
        Task<SpidVerificationReason> verification = rig.ReasonAsync(Token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.LookUps == 1, cancellationToken);

        rig.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await verification, Is.EqualTo(IntrospectionFailed));
    }

    [Test]
    public async Task VerifyAsync_OptionsChangedMeanwhile_IsUnavailable(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(Container());
        await rig.VerifyAsync(Token, cancellationToken);

        using var successor = new SpidTokenVerifier(VerifierSettings.From("rig", VerifierRig.CreateOptions()), rig.Parts, rig.Verifier);
        rig.Verifier.Retire(successor);

        Assert.That(await rig.ReasonAsync("another", cancellationToken), Is.EqualTo(IntrospectionFailed));
    }

    [Test]
    public async Task VerifyAsync_SharedStore_AnotherProcessNeedsNoLookUp(CancellationToken cancellationToken)
    {
        var store = new OpenStore();
        using VerifierRig first = Create(options => options.Cache.Distributed = true, store);
        using VerifierRig second = Create(options => options.Cache.Distributed = true, store);
        first.Spid.LookUp = (_, _, _) => Task.FromResult(Container());
        await first.VerifyAsync(Token, cancellationToken);
        await Wait.UntilAsync(() => !store.Entries.IsEmpty, cancellationToken);

        Assert.That((await second.VerifyAsync(Token, cancellationToken)).Token.ClientId, Is.EqualTo(Forge.ClientId));
        Assert.That(second.Spid.LookUps, Is.Zero);
    }

    private static HttpResponseMessage Container(string userId = "null", string type = "CLIENT", string expiresIn = "3584") => StubSpid.Json(
        $$$"""
        {"name":"SPP Container","version":"0.2","api":2,"code":200,"type":"element","error":null,
        "data":{"clientId":"{{{Forge.ClientId}}}","userId":{{{userId}}},"merchantId":46001,"isAdmin":false,"type":"{{{type}}}","expiresIn":{{{expiresIn}}}}}
        """);

    private static VerifierRig Create(Action<SpidVerifierOptions>? configure = null, OpenStore? store = null) => new(
        options =>
        {
            options.Audiences.Clear();
            (options.Mode, options.AudienceCheck, options.LookUpOpaqueTokens) = (SpidVerificationMode.Remote, SpidAudienceCheck.None, true);
            configure?.Invoke(options);
        },
        store: store);
}
