using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>The identity of a request, and the copies that applications and the platform make of it.</summary>
[CancelAfter(60_000)]
internal sealed class SpidIdentityTests
{
    [Test]
    public async Task Members_OfAVerifiedToken_SeeItsClaims(CancellationToken cancellationToken)
    {
        VerifiedToken token = await VerifyAsync(cancellationToken);
        SpidIdentity Create() => new(token, "scheme");
        var extra = new Claim("extra", "1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Create().Claims.Select(claim => claim.Type), Does.Contain("client_id").And.Contain("scope"));
            Assert.That(Create().FindFirst("scope")?.Value, Is.EqualTo("read:messages"));
            Assert.That(Create().FindFirst(claim => claim.Type == "scope"), Is.Not.Null);
            Assert.That(Create().FindAll("scope"), Has.Exactly(1).Items);
            Assert.That(Create().FindAll(claim => claim.Type == "scope"), Has.Exactly(1).Items);
            Assert.That(Create().HasClaim("scope", "read:messages"), Is.True);
            Assert.That(Create().HasClaim(claim => claim.Type == "nothing"), Is.False);
            Assert.That((Create().Name, Create().AuthenticationType, Create().IsAuthenticated), Is.EqualTo((token.ClientId, "scheme", true)));
            Assert.That(Create().Claims.All(claim => claim.Subject is SpidIdentity && claim.Issuer == token.Issuer), Is.True);
        }

        SpidIdentity changed = Create();
        changed.AddClaim(extra);
        changed.AddClaims([new Claim("extra", "2")]);
        Assert.That(changed.FindAll("extra").Select(claim => claim.Value), Is.EqualTo(new[] { "1", "2" }));
        Assert.That(changed.TryRemoveClaim(changed.FindFirst("extra")), Is.True);
        changed.RemoveClaim(changed.FindFirst("scope"));
        Assert.That(changed.HasClaim("scope", "read:messages"), Is.False);
        Assert.That(Create().TryRemoveClaim(extra), Is.False);
        Assert.That(() => Create().RemoveClaim(extra), Throws.InvalidOperationException);

        ClaimsIdentity clone = changed.Clone();
        Assert.That(clone, Is.InstanceOf<SpidIdentity>());
        Assert.That(clone.Claims.Select(claim => (claim.Type, claim.Value)), Is.EqualTo(changed.Claims.Select(claim => (claim.Type, claim.Value))));
        Assert.That(new ClaimsPrincipal(Create()).Clone().FindFirst("scope"), Is.Not.Null);
        using var written = new MemoryStream();
        using var writer = new BinaryWriter(written);
        Create().WriteTo(writer);
        written.Position = 0;
        Assert.That(new ClaimsIdentity(new BinaryReader(written)).FindFirst("scope")?.Value, Is.EqualTo("read:messages"));
    }

    [Test(Description = "A scheme may have accepted a token without having let this caller in")]
    public async Task FindToken_CallerOfAnotherScheme_HasNone(CancellationToken cancellationToken)
    {
        var feature = new SpidBearerFeature(new FeatureCollection());
        feature.NoteAccepted(new SpidIdentity(await VerifyAsync(cancellationToken), "scheme"));

        Assert.That(SpidBearerFeature.FindToken(new ClaimsPrincipal(new ClaimsIdentity("cookie")), feature), Is.Null);
        Assert.That(SpidBearerFeature.FindToken(new ClaimsPrincipal(new ClaimsIdentity("scheme")), feature), Is.Not.Null, "a copy of the accepted identity");
    }

    public static IEnumerable<TestCaseData> Copies()
    {
        yield return Copy("its own clone", identity => identity.Clone());
        yield return Copy("the platform's, of an identity", identity => new ClaimsIdentity(identity));
        yield return Copy("the platform's, with claims more", identity => new ClaimsIdentity(identity, [new Claim("extra", "1")]));
        yield return Copy("the platform's, with other claim types", identity => new ClaimsIdentity(identity, null, identity.AuthenticationType, "azp", "role"));
        yield return Copy("the platform's, of the claims", identity => new ClaimsIdentity(identity.Claims, identity.AuthenticationType));
        yield return Copy("of a copy", identity => new ClaimsIdentity(new ClaimsIdentity(identity).Clone()));
        yield return Copy("written and read", WriteAndRead);
        yield return Copy("a subclass of an application", identity => new OtherIdentity(identity));

        static TestCaseData Copy(string name, Func<ClaimsIdentity, ClaimsIdentity> copy) => new TestCaseData(copy).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Copies))]
    public async Task Copy_OfWhateverKind_HasTheClaimsInTheirOrderAndForItself(Func<ClaimsIdentity, ClaimsIdentity> copy)
    {
        VerifiedToken token = await VerifyAsync(CancellationToken.None);
        string[] expected = Describe(token.CreateClaims(new ClaimsIdentity()));
        var fresh = new SpidIdentity(token, "scheme");
        var changed = new SpidIdentity(token, "scheme");
        changed.AddClaim(new Claim("tenant", "7"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Describe(copy(fresh).Claims).Take(expected.Length), Is.EqualTo(expected), "the copy");
            Assert.That(Describe(fresh.Claims), Is.EqualTo(expected), "the original, afterwards");
            Assert.That(Describe(copy(changed).Claims).Take(expected.Length + 1), Is.EqualTo(expected.Append("tenant 7 http://www.w3.org/2001/XMLSchema#string LOCAL AUTHORITY")), "after a change");
            ClaimsIdentity mine = copy(fresh);
            Assert.That(mine.Claims.Select(claim => claim.Subject), Is.All.SameAs(mine));
        }
    }

    [Test]
    public async Task Claims_OfATokenThatHasNone_AreNoneAndSoAreThoseOfCopies()
    {
        await using ApiRig rig = await ApiRig.StartAsync(options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.IntrospectOpaqueTokens = true;
            options.AudienceCheck = SpidAudienceCheck.None;
            options.Audiences.Clear();
        });
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Raw(200, """{"active":true,"scope":""}""", "application/json"));
        VerifiedToken token = (await rig.Services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync("opaque".AsMemory(), CancellationToken.None)).Token;

        var identity = new SpidIdentity(token, "scheme");

        Assert.That(new ClaimsIdentity(identity).Claims, Is.Empty);
        Assert.That(identity.Claims, Is.Empty);
    }

    [TestCaseSource(nameof(Copies))]
    public async Task RequireSpidScope_PrincipalWasTransformed_ScopesStillCount(Func<ClaimsIdentity, ClaimsIdentity> copy)
    {
        await using ApiRig rig = await ApiRig.StartAsync(services: services => services.AddSingleton<IClaimsTransformation>(new Transformation(copy)));

        using HttpResponseMessage good = await rig.GetAsync(rig.Issue());
        using HttpResponseMessage lacking = await rig.GetAsync(rig.Issue(spec => spec.Scope = "other"));

        Assert.That(((int)good.StatusCode, (int)lacking.StatusCode), Is.EqualTo((200, 403)));
    }

    [Test]
    public async Task Requests_WithOneToken_HavePrincipalsOfTheirOwn()
    {
        List<ClaimsPrincipal> principals = [];
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.Run(context =>
            {
                ((ClaimsIdentity)context.User.Identity!).AddClaim(new Claim("seen", "1"));
                principals.Add(context.User);
                return Task.CompletedTask;
            });
        });
        string token = rig.Issue();

        await rig.GetAsync(token);
        await rig.GetAsync(token);

        Assert.That(principals[0], Is.Not.SameAs(principals[1]));
        Assert.That(principals.Select(principal => principal.FindAll("seen").Count()), Is.All.EqualTo(1));
    }

    private static async Task<VerifiedToken> VerifyAsync(CancellationToken cancellationToken)
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        ISpidTokenVerifier verifier = rig.Services.GetRequiredService<ISpidTokenVerifier>();
        return (await verifier.VerifyAsync(rig.Issue().AsMemory(), cancellationToken)).Token;
    }

    private static string[] Describe(IEnumerable<Claim> claims) => [.. claims.Select(claim => $"{claim.Type} {claim.Value} {claim.ValueType} {claim.Issuer}")];

    private static ClaimsIdentity WriteAndRead(ClaimsIdentity identity)
    {
        using var written = new MemoryStream();
        using var writer = new BinaryWriter(written);
        identity.WriteTo(writer);
        written.Position = 0;
        return new ClaimsIdentity(new BinaryReader(written));
    }

    private sealed class OtherIdentity(ClaimsIdentity identity) : ClaimsIdentity(identity);

    private sealed class Transformation(Func<ClaimsIdentity, ClaimsIdentity> copy) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(new ClaimsPrincipal(copy((ClaimsIdentity)principal.Identity!)));
    }
}
