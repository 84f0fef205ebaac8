using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>Whose token an endpoint is told of.</summary>
internal sealed class VerifiedTokenTests
{
    [TestCase("Other,Api", "https://other.example.com", "nobody", Description = "the default scheme accepts the token, and this endpoint does not ask it")]
    [TestCase("Other,Api", ApiRig.Audience, "client")]
    [TestCase("SpidBearer,Api", "https://other.example.com", "client")]
    [TestCase("Api", ApiRig.Audience, "nobody")]
    public async Task GetVerifiedToken_SeveralSchemes_IsOfOneThatLetTheCallerIn(string schemes, string otherAudience, string expected)
    {
        await using ApiRig rig = await StartAsync(
            app => app.MapGet("/messages", (HttpContext context) => context.GetVerifiedToken() is null ? "nobody" : "client")
                .RequireAuthorization(policy => policy.AddAuthenticationSchemes(schemes.Split(',')).RequireAuthenticatedUser()),
            otherAudience);

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(expected));
    }

    [Test]
    public async Task VerifiedToken_OfASchemeThatTheEndpointDoesNotAsk_IsNoParameter()
    {
        await using ApiRig rig = await StartAsync(
            app => app.MapGet("/messages", (VerifiedToken token) => token.ClientId)
                .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Other", "Api").RequireAuthenticatedUser()),
            "https://other.example.com");

        await Assert.ThatAsync(() => rig.GetAsync(rig.Issue()), Throws.InvalidOperationException.With.Message.Contains("RequireSpidScope"));
    }

    [Test]
    public async Task GetVerifiedToken_IdentityWasCopiedByATransformation_IsTheToken()
    {
        await using ApiRig rig = await ApiRig.StartAsync(services: services => services.AddSingleton<IClaimsTransformation, Copying>());

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(rig.Spid.ClientId));
    }

    private static Task<ApiRig> StartAsync(Action<WebApplication> map, string otherAudience) => ApiRig.StartAsync(
        map: app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            map(app);
        },
        authentication: (builder, spid) => builder
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>("Api", null)
            .AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Audiences[0] = otherAudience;
            }));

    private sealed class Copying : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity(principal.Identity)));
    }
}
