using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>An identity whose claims are made late must behave as one whose claims were there from the start.</summary>
[CancelAfter(30_000)]
internal sealed class SpidIdentityTests
{
    [Test]
    public async Task Members_EachAsTheFirstLook_SeeTheClaims(CancellationToken cancellationToken)
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

    [TestCase(true, Description = "a transformation that clones")]
    [TestCase(false, Description = "a transformation that copies into an identity of the platform")]
    public async Task RequireSpidScope_PrincipalWasTransformed_ScopesStillCount(bool clones)
    {
        await using ApiRig rig = await ApiRig.StartAsync(services: services => services.AddSingleton<IClaimsTransformation>(new Transformation(clones)));

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

    private sealed class Transformation(bool clones) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
            Task.FromResult(clones ? principal.Clone() : new ClaimsPrincipal(new ClaimsIdentity(principal.Claims, principal.Identity!.AuthenticationType)));
    }
}
