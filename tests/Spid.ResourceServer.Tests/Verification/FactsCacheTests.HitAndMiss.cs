using System.Net;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <content>What is remembered changes neither verdicts nor claims, and what is not known is not remembered.</content>
internal sealed partial class FactsCacheTests
{
    private static readonly int[] AroundTheEdge = [-2, -1, 0, 1, 2];

    public static IEnumerable<TestCaseData> Rules() => new[] { SpidVerificationMode.Local, SpidVerificationMode.Remote }.SelectMany(mode => new[]
    {
        Rule("no rule", mode, None),
        Rule("issuer", mode, WrongIssuer, claims => claims["iss"] = "https://evil.example.com"),
        Rule("audience", mode, WrongAudience, claims => claims["aud"] = "https://sibling.example.com"),
        Rule("scope", mode, MissingScope, claims => claims["scope"] = "write:messages"),
        Rule("allowed clients", mode, ClientNotAllowed, claims => claims["client_id"] = "stranger", options => options.AllowedClients.Add(Forge.ClientId)),
        Rule("server tokens only", mode, UserToken, claims => claims["sub"] = "a-user", options => options.ServerTokensOnly = true),
        Rule("binding", mode, ProofMissing, claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = "x" }),
        Rule("class", mode, NotAnAccessToken, claims => claims["class"] = "token.IDToken"),
        Rule("not before", mode, NotYetValid, claims => claims["nbf"] = (long)claims["exp"]! + 900),
    });

    [TestCaseSource(nameof(Rules))]
    public async Task VerifyAsync_RuleAroundTheExpiry_HitEqualsMiss(
        SpidVerificationMode mode, Action<JsonObject> edit, Action<SpidVerifierOptions> configure, SpidVerificationReason expected)
    {
        using VerifierRig remembering = Create(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), Forge.CreateUsual());
        using VerifierRig forgetting = Create(TimeSpan.Zero, TimeSpan.Zero, remembering.Forge);
        JsonObject claims = Forge.Claims(remembering.Now);
        claims["exp"] = remembering.Now.ToUnixTimeSeconds() + 10;
        string flawless = claims.ToJsonString();
        edit(claims);

        // Where SPiD is asked, its answer breaks the rule and the token itself says nothing of it.
        string token = remembering.Forge.Sign(remembering.Forge.Header().ToJsonString(), mode == SpidVerificationMode.Local ? claims.ToJsonString() : flawless);
        remembering.Spid.AnswerIntrospection(Active(claims));
        forgetting.Spid.AnswerIntrospection(Active(claims));
        await remembering.Verifier.Keys.WarmUpAsync(CancellationToken.None);
        await forgetting.Verifier.Keys.WarmUpAsync(CancellationToken.None);
        await VerifyAsync(remembering);
        int asked = remembering.Spid.Introspections;

        Advance(8);
        await CompareAsync("expiry", _ => expected, _ => expected);
        Assert.That(asked, Is.EqualTo(mode == SpidVerificationMode.Remote ? 1 : 0));
        Advance(30 - 5);

        // What the token says of itself comes before what SPiD said of its class, and what is remembered of that before either.
        bool isRemembered = expected == NotAnAccessToken;
        await CompareAsync(
            "expiry and skew",
            second => second < 0 || isRemembered ? expected : Expired,
            second => second < 0 || (isRemembered && mode == SpidVerificationMode.Local) ? expected : Expired);

        VerifierRig Create(TimeSpan age, TimeSpan negativeAge, Forge forge) => new(
            options =>
            {
                (options.Mode, options.Cache.MaximumAge, options.Cache.NegativeMaximumAge, options.Cache.RefreshAhead) = (mode, age, negativeAge, false);
                configure(options);
            },
            forge);

        Task<SpidVerificationResult> VerifyAsync(VerifierRig rig) => rig.VerifyAsync(token, ["read:messages"], CancellationToken.None);

        void Advance(int seconds)
        {
            remembering.Time.Advance(TimeSpan.FromSeconds(seconds));
            forgetting.Time.Advance(TimeSpan.FromSeconds(seconds));
        }

        async Task CompareAsync(string edge, Func<int, SpidVerificationReason> hitReason, Func<int, SpidVerificationReason> missReason)
        {
            foreach (int second in AroundTheEdge)
            {
                bool isHit = edge == "expiry" && second < 0;
                Assert.That(remembering.Verifier.Cache.FactsCount + remembering.Verifier.Cache.RefusalCount, isHit ? Is.EqualTo(1) : Is.LessThanOrEqualTo(1));
                SpidVerificationResult hit = await VerifyAsync(remembering);
                SpidVerificationResult miss = await VerifyAsync(forgetting);
                Assert.That(hit.Status, Is.EqualTo(miss.Status), $"{edge} {second}");
                Assert.That((hit.Reason, miss.Reason), Is.EqualTo((hitReason(second), missReason(second))), $"{edge} {second}");
                Assert.That(remembering.Spid.Introspections, isHit ? Is.EqualTo(asked) : Is.GreaterThanOrEqualTo(asked), "a hit asks nobody");
                Advance(1);
            }
        }
    }

    [Test(Description = "Edge case 82: verified here, introspected, shared or remembered, the claims are the same")]
    public async Task VerifyAsync_EveryWay_EqualClaims(CancellationToken cancellationToken)
    {
        var store = new OpenStore();
        using var local = new VerifierRig();
        using var remote = new VerifierRig(Mode.Remote, local.Forge);
        using VerifierRig first = CreateSharing();
        using VerifierRig second = CreateSharing();
        JsonObject claims = Forge.Claims(local.Now);
        (claims["sub"], claims["admin"], claims["level"], claims["ratio"]) = ("someone", true, 7, 0.5);
        (claims["roles"], claims["address"]) = (new JsonArray("a", "b"), new JsonObject { ["street"] = "x" });
        string token = local.Forge.Sign(local.Forge.Header().ToJsonString(), claims.ToJsonString());
        foreach (VerifierRig rig in new[] { remote, first })
        {
            rig.Spid.AnswerIntrospection(Active(claims));
        }

        (string, string, string, string)[] expected = Describe(await local.VerifyAsync(token, cancellationToken));
        await first.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => !store.Entries.IsEmpty, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(expected.Select(claim => claim.Item1), Is.SupersetOf(new[] { "sub", "admin", "level", "ratio", "roles", "address" }));
            Assert.That(expected.Select(claim => claim.Item4), Is.All.EqualTo(Forge.Issuer + "/"));
            Assert.That(Describe(await local.VerifyAsync(token, cancellationToken)), Is.EqualTo(expected), "remembered, verified here");
            Assert.That(Describe(await remote.VerifyAsync(token, cancellationToken)), Is.EqualTo(expected), "introspected");
            Assert.That(Describe(await remote.VerifyAsync(token, cancellationToken)), Is.EqualTo(expected), "remembered, introspected");
            Assert.That(Describe(await first.VerifyAsync(token, cancellationToken)), Is.EqualTo(expected), "remembered by who shares it");
            Assert.That(Describe(await second.VerifyAsync(token, cancellationToken)), Is.EqualTo(expected), "shared");
            Assert.That(Describe(await second.VerifyAsync(token, cancellationToken)), Is.EqualTo(expected), "remembered, shared");
            Assert.That((remote.Spid.Introspections, first.Spid.Introspections, second.Spid.Introspections), Is.EqualTo((1, 1, 0)));
        }

        VerifierRig CreateSharing() => new(options => (options.Mode, options.Cache.Distributed) = (SpidVerificationMode.Remote, true), local.Forge, store);
    }

    [Test(Description = "Edge case 78: nothing is stored of a search that failed")]
    public async Task VerifyAsync_SearchFails_NothingIsStored(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        string token = rig.Sign();

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(IntrospectionFailed));
        Assert.That((rig.Verifier.Cache.FactsCount, rig.Verifier.Cache.RefusalCount), Is.EqualTo((0, 0)));
        rig.AnswerActive();
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Introspected));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    private static string Active(JsonObject claims)
    {
        var answer = (JsonObject)claims.DeepClone();
        answer["active"] = true;
        return answer.ToJsonString();
    }

    private static TestCaseData Rule(
        string name, SpidVerificationMode mode, SpidVerificationReason expected, Action<JsonObject>? edit = null, Action<SpidVerifierOptions>? configure = null) =>
        new TestCaseData(mode, edit ?? (_ => { }), configure ?? (_ => { }), expected)
            .SetArgDisplayNames(name, mode.ToString())
            .SetDescription("S13, edge case 83: every rule on hit and miss, two seconds before and after the expiry and the end of the skew");
}
