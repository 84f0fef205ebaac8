using System.Text.Json.Nodes;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <content>Answers that say little, tokens of other servers, and long lists of scopes.</content>
internal sealed partial class IntrospectionAnswerTests
{
    private const string Opaque = "0123456789abcdef0123456789abcdef01234567";

    [TestCase(false)]
    [TestCase(true)]
    [Description("B15: RFC 7662 section 2.2 requires nothing but active")]
    public async Task VerifyAsync_ActiveAlone_IsDecidedByTheConditions(bool isOpaque)
    {
        using VerifierRig strict = Create();
        using VerifierRig lenient = Create(AcceptAnyAudience);
        using VerifierRig choosy = Create(options =>
        {
            AcceptAnyAudience(options);
            options.AllowedClients.Add(Forge.ClientId);
        });
        foreach (VerifierRig rig in new[] { strict, lenient, choosy })
        {
            rig.Spid.AnswerIntrospection("""{"active":true}""");
        }

        string token = isOpaque ? Opaque : strict.Sign();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await strict.ReasonAsync(token, CancellationToken.None), Is.EqualTo(WrongAudience));
            Assert.That(await lenient.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
            Assert.That((await lenient.VerifyAsync(token, ["read:messages"], CancellationToken.None)).Reason, Is.EqualTo(MissingScope));
            Assert.That(await choosy.ReasonAsync(token, CancellationToken.None), Is.EqualTo(ClientNotAllowed));
        }
    }

    [Test(Description = "B15: without an expiry it is remembered for half a minute")]
    public async Task VerifyAsync_ActiveAloneForAnOpaqueToken_IsAskedAgainAfterHalfAMinute(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(options =>
        {
            AcceptAnyAudience(options);
            options.Cache.RefreshAhead = false;
        });
        rig.Spid.AnswerIntrospection("""{"active":true}""");

        await rig.VerifyAsync(Opaque, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(29));
        await rig.VerifyAsync(Opaque, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.VerifyAsync(Opaque, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test(Description = "B15: what little it says counts")]
    public async Task IntrospectAsync_ActiveAlone_IsAnAnswer(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.AnswerIntrospection("""{"active":true}""");

        SpidIntrospectionResult result = await rig.Verifier.Introspection.IntrospectAsync("anything", cancellationToken);

        Assert.That((result.IsActive, result.ClientId, result.Audiences.Count, result.Scopes.Count), Is.EqualTo((true, (string?)null, 0, 0)));
    }

    [TestCase("""{"active":true,"nonce":"n"}""")]
    [TestCase("""{"active":true,"at_hash":"h"}""")]
    [TestCase("""{"active":true,"token_type":"refresh_token"}""")]
    [TestCase("""{"active":true,"token_type":"id_token"}""")]
    [TestCase("""{"active":true,"type":"refresh"}""")]
    [TestCase("""{"active":true,"class":"token.IDToken"}""")]
    [Description("B15: little, but that it is another token")]
    public async Task VerifyAsync_ActiveAndASignOfAnotherToken_IsNoAccessToken(string answer)
    {
        using VerifierRig rig = Create(AcceptAnyAudience);
        rig.Spid.AnswerIntrospection(answer);

        Assert.That(await rig.ReasonAsync(Opaque, CancellationToken.None), Is.EqualTo(NotAnAccessToken));
    }

    [TestCase("""{"user_id":"12345"}""", """{"active":true}""", UserToken)]
    [TestCase("""{"user_id":"12345"}""", """{"active":true,"client_id":"4e8463569caf7ca019000007"}""", UserToken)]
    [TestCase("""{"sub":"someone"}""", """{"active":true,"scope":"a"}""", UserToken)]
    [TestCase("""{"sub":"someone"}""", """{"active":true,"sub":"c","client_id":"c"}""", None)]
    [TestCase("""{"sub":"4e8463569caf7ca019000007"}""", """{"active":true}""", None)]
    [TestCase("{}", """{"active":true}""", None)]
    [TestCase(null, """{"active":true}""", UserToken, Description = "nothing says that it is not")]
    [TestCase(null, """{"active":true,"scope":"a"}""", UserToken)]
    [TestCase(null, """{"active":true,"client_id":"c"}""", None)]
    [TestCase(null, """{"active":true,"sub":"c","client_id":"c"}""", None)]
    [TestCase(null, """{"active":true,"sub":"someone","client_id":"c"}""", UserToken)]
    [Description("B15: where only servers may call, an answer that says little does not let a user in")]
    public async Task VerifyAsync_ServerTokensOnly_TokenOfAUserIsForbidden(string? claims, string answer, SpidVerificationReason expected)
    {
        using VerifierRig rig = Create(options =>
        {
            AcceptAnyAudience(options);
            options.ServerTokensOnly = true;
        });
        rig.Spid.AnswerIntrospection(answer);
        string token = claims is null ? Opaque : rig.Sign(payload =>
        {
            foreach ((string name, JsonNode? value) in JsonNode.Parse(claims)!.AsObject())
            {
                payload[name] = value!.DeepClone();
            }
        });

        SpidVerificationReason[] reasons = [await rig.ReasonAsync(token, CancellationToken.None), await rig.ReasonAsync(token, CancellationToken.None)];

        Assert.That(reasons, Is.All.EqualTo(expected), "on a miss and on a hit");
    }

    [TestCase("access", None)]
    [TestCase("access_token", None)]
    [TestCase("Access_Token", None)]
    [TestCase("refresh_token", NotAnAccessToken)]
    [TestCase("id_token", NotAnAccessToken)]
    [TestCase("refresh", NotAnAccessToken)]
    [TestCase("code", NotAnAccessToken)]
    [TestCase("", NotAnAccessToken)]
    [Description("B16: glewlwyd writes access_token")]
    public async Task VerifyAsync_TypeInThePayload_SaysWhetherItIsAnAccessToken(string type, SpidVerificationReason expected)
    {
        foreach (SpidVerificationMode mode in Enum.GetValues<SpidVerificationMode>())
        {
            using VerifierRig rig = Create(options => (options.Mode, options.IntrospectOpaqueTokens) = (mode, false));
            rig.AnswerActive();

            Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["type"] = type), CancellationToken.None), Is.EqualTo(expected), $"{mode}");
        }
    }

    [TestCase(251)]
    [TestCase(300)]
    [TestCase(4_000)]
    [Description("B18: as many scopes as an answer holds")]
    public async Task VerifyAsync_ManyScopes_AreAccepted(int count)
    {
        string scopes = string.Join(' ', Enumerable.Range(0, count).Select(number => $"scope:{number}"));
        using VerifierRig rig = Create();
        rig.AnswerActive(answer => answer["scope"] = scopes);

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), ["scope:0", $"scope:{count - 1}"], CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(None));
        Assert.That(result.Token.Scopes, Has.Count.EqualTo(count));
    }

    [Test(Description = "B18: the same in a signed token")]
    public async Task VerifyAsync_ManyScopesInAToken_AreAccepted(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        string token = rig.Sign(claims => claims["scope"] = string.Join(' ', Enumerable.Range(0, 1_000).Select(number => $"s:{number}")));

        Assert.That((await rig.VerifyAsync(token, ["s:999"], cancellationToken)).Reason, Is.EqualTo(None));
    }

    private static void AcceptAnyAudience(SpidVerifierOptions options)
    {
        options.Audiences.Clear();
        options.AudienceCheck = SpidAudienceCheck.None;
    }

    private static VerifierRig Create(Action<SpidVerifierOptions>? configure = null) => new(options =>
    {
        (options.Mode, options.IntrospectOpaqueTokens) = (SpidVerificationMode.Remote, true);
        configure?.Invoke(options);
    });
}
