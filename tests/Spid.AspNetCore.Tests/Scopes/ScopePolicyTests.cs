using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.AspNetCore.Scopes;
using Spid.AspNetCore.Tests.Frameworks;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Scopes;

/// <summary>Attributes are enforced by everything that reads no more of them than the name of a policy.</summary>
internal sealed class ScopePolicyTests
{
    private const string Default = "DenyAnonymousAuthorizationRequirement: Requires an authenticated user.";

    [TestCase("read:messages", "/Legacy/Read", 200, "")]
    [TestCase("read:messages", "/Legacy/Write", 403, "scope=\"write:messages\"")]
    [TestCase("read:messages", "/Legacy/Any", 403, "scope=\"write:messages admin\"")]
    [TestCase("other", "/Legacy/Write", 403, "scope=\"write:messages read:messages\"")]
    [TestCase("read:messages admin", "/Legacy/Any", 200, "")]
    [TestCase("read:messages write:messages", "/Legacy/Write", 200, "")]
    [TestCase("write:messages", "/Legacy/Write", 403, "scope=\"read:messages\"")]
    [Description("Edge case 98: MVC without endpoint routing")]
    public async Task Mvc_WithoutEndpointRouting_AsksForScopes(string scope, string path, int expected, string challenge)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthentication();
                app.UseMvc(routes => routes.MapRoute("all", "{controller}/{action}"));
            },
            services: services => services.AddMvc(options => options.EnableEndpointRouting = false).AddApplicationPart(typeof(LegacyController).Assembly));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(spec => spec.Scope = scope), path);

        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), challenge.Length == 0 ? Is.Empty : Does.EndWith(challenge));
    }

    [Test]
    public async Task CombineAsync_Attributes_GivesTheirScopesBesideTheDefaultPolicy()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        Assert.That(await CombineAsync(rig, new RequireSpidScopeAttribute("a", "b")), Is.EqualTo(new[] { Default, "SPiD scope: all of a b" }));
        Assert.That(await CombineAsync(rig, new RequireAnySpidScopeAttribute("a", "b")), Is.EqualTo(new[] { Default, "SPiD scope: any of a b" }));
    }

    [Test]
    public async Task CombineAsync_AttributeNamesAPolicyOrRoles_TheyApplyInPlaceOfTheDefaultPolicy()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            services: services => services.AddAuthorizationBuilder().AddPolicy("the \"special\" one", policy => policy.RequireUserName("special")));

        Assert.That(
            await CombineAsync(rig, new RequireSpidScopeAttribute("a") { Policy = "the \"special\" one" }),
            Is.EqualTo(new[] { new NameAuthorizationRequirement("special").ToString(), "SPiD scope: all of a" }));
        Assert.That(
            await CombineAsync(rig, new RequireAnySpidScopeAttribute("a") { Roles = "x" }),
            Is.EqualTo(new[] { "SPiD scope: any of a", new RolesAuthorizationRequirement(["x"]).ToString() }));
    }

    [Test]
    public async Task CombineAsync_AttributeNamesAnUnknownPolicy_LetsNobodyIn()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        await Assert.ThatAsync(
            () => CombineAsync(rig, new RequireSpidScopeAttribute("a") { Policy = "missing" }),
            Throws.InvalidOperationException.With.Message.Contains("missing"));
    }

    [Test]
    public async Task Provider_PoliciesOfTheApplication_StayAsTheyAre()
    {
        await using ApiRig rig = await ApiRig.StartAsync(services: services => services.AddAuthorizationBuilder()
            .AddPolicy("special", policy => policy.RequireUserName("special"))
            .SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireUserName("default").Build())
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireUserName("fallback").Build()));
        IAuthorizationPolicyProvider provider = rig.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        AuthorizationOptions options = rig.Services.GetRequiredService<IOptions<AuthorizationOptions>>().Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await provider.GetPolicyAsync("special"), Is.SameAs(options.GetPolicy("special")));
            Assert.That(await provider.GetPolicyAsync("unknown"), Is.Null);
            Assert.That(await provider.GetDefaultPolicyAsync(), Is.SameAs(options.DefaultPolicy));
            Assert.That(await provider.GetFallbackPolicyAsync(), Is.SameAs(options.FallbackPolicy));
            Assert.That(provider.AllowsCachingPolicies, Is.True);
        }
    }

    [TestCase("type")]
    [TestCase("factory")]
    [TestCase("instance")]
    public void AddSpidBearer_ApplicationHasAProviderAlready_ItIsAskedForEverythingElse(string how)
    {
        var services = new ServiceCollection();
        _ = how switch
        {
            "type" => services.AddSingleton<IAuthorizationPolicyProvider, OwnProvider>(),
            "factory" => services.AddSingleton<IAuthorizationPolicyProvider>(_ => new OwnProvider()),
            _ => services.AddSingleton<IAuthorizationPolicyProvider>(new OwnProvider()),
        };
        services.AddAuthentication().AddSpidBearer(_ => { }).AddSpidBearer("Other", _ => { });
        services.AddAuthorization();
        using ServiceProvider container = services.BuildServiceProvider(validateScopes: true);
        IAuthorizationPolicyProvider provider = container.GetRequiredService<IAuthorizationPolicyProvider>();

        Assert.That(provider.GetPolicyAsync("own").Result!.Requirements.Single().ToString(), Does.Contain("own"));
        Assert.That(provider.GetPolicyAsync("SPiD scope: all of a").Result!.Requirements.Select(requirement => requirement.ToString()), Has.Exactly(1).EqualTo("SPiD scope: all of a"));
        Assert.That(provider.AllowsCachingPolicies, Is.False);
        Assert.That(container.GetServices<IAuthorizationPolicyProvider>(), Has.Exactly(1).Items);
    }

    [Test]
    public async Task AddSpidBearer_ApplicationPutsAnotherProviderInItsPlace_LetsNobodyIn()
    {
        await using ApiRig rig = await ApiRig.StartAsync(services: services => services.AddSingleton<IAuthorizationPolicyProvider, OwnProvider>());

        await Assert.ThatAsync(() => rig.GetAsync(rig.Issue()), Throws.InvalidOperationException.With.Message.Contains("SPiD scope: all of read:messages"));
    }

    private static async Task<string?[]> CombineAsync(ApiRig rig, IAuthorizeData attribute)
    {
        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(rig.Services.GetRequiredService<IAuthorizationPolicyProvider>(), [attribute]);
        return [.. policy!.Requirements.Select(requirement => requirement.ToString())];
    }

    private sealed class OwnProvider : IAuthorizationPolicyProvider
    {
        private static readonly AuthorizationPolicy Own = new AuthorizationPolicyBuilder().RequireUserName("own").Build();

        public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Task.FromResult(policyName == "own" ? Own : null);

        public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(Own);

        public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(null);
    }
}
