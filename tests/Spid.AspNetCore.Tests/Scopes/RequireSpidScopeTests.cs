using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Scopes;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Scopes;

/// <summary>Who gets through to which operation.</summary>
internal sealed class RequireSpidScopeTests
{
    [TestCase("a b c", 200, 200)]
    [TestCase("a", 403, 200)]
    [TestCase("b", 403, 200)]
    [TestCase("A B", 403, 403)]
    [TestCase("c", 403, 403)]
    [TestCase("", 403, 403)]
    public async Task Scopes_AllOfAndAnyOf_AreDecidedSo(string scope, int all, int any)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/all", () => "").RequireSpidScope("a", "b");
                app.MapGet("/any", () => "").RequireAnySpidScope("a", "b");
                app.MapGet("/policy-all", () => "").RequireAuthorization("all");
                app.MapGet("/policy-any", () => "").RequireAuthorization("any");
                app.MapGet("/attribute", [RequireSpidScope("a"), RequireSpidScope("b")] () => "");
                app.MapGet("/attribute-any", [RequireAnySpidScope("a", "b")] () => "");
            },
            services: services => services.AddAuthorizationBuilder()
                .AddPolicy("all", policy => policy.RequireSpidScope("a", "b"))
                .AddPolicy("any", policy => policy.RequireAnySpidScope("a", "b")));
        string token = rig.Issue(spec => spec.Scope = scope);

        using (Assert.EnterMultipleScope())
        {
            foreach ((string path, int expected) in new[] { ("/all", all), ("/policy-all", all), ("/attribute", all), ("/any", any), ("/policy-any", any), ("/attribute-any", any) })
            {
                using HttpResponseMessage response = await rig.GetAsync(token, path);
                Assert.That((int)response.StatusCode, Is.EqualTo(expected), path);
            }
        }
    }

    [Test(Description = "Edge case 80")]
    public async Task Scopes_TwoEndpointsAfterAHit_AreDecidedForEach()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        string token = rig.Issue();

        HttpStatusCode[] answers =
        [
            (await rig.GetAsync(token)).StatusCode, (await rig.SendAsync(HttpMethod.Post, token)).StatusCode, (await rig.GetAsync(token)).StatusCode, (await rig.SendAsync(HttpMethod.Post, token)).StatusCode,
        ];

        Assert.That(answers, Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden }));
        Assert.That(rig.KeyFetches, Is.EqualTo(1));
    }

    [Test]
    public async Task Scopes_ClaimOfAnotherScheme_DoesNotCount()
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.Use((context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", "read:messages")], "Cookies"));
                return next();
            });
            app.Run(async context =>
            {
                AuthorizationResult result = await context.RequestServices.GetRequiredService<IAuthorizationService>()
                    .AuthorizeAsync(context.User, context, new AuthorizationPolicyBuilder().RequireSpidScope("read:messages").Build());
                await context.Response.WriteAsync(result.Succeeded ? "in" : "out");
            });
        });

        Assert.That(await rig.Client.GetStringAsync("/"), Is.EqualTo("out"));
    }

    [TestCase("read messages")]
    [TestCase("")]
    [TestCase("a\"b")]
    [TestCase("a\\b")]
    [TestCase("ä")]
    public void RequireSpidScope_NoScope_IsAnError(string scope)
    {
        Assert.That(() => new RequireSpidScopeAttribute(scope), Throws.ArgumentException);
        Assert.That(() => new RequireAnySpidScopeAttribute("good", scope), Throws.ArgumentException);
        Assert.That(() => new AuthorizationPolicyBuilder().RequireAnySpidScope(), Throws.ArgumentException);
    }

    [Test]
    public void Attributes_Scopes_AreToBeSeen()
    {
        Assert.That(new RequireSpidScopeAttribute("a", "b").Scopes, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(new RequireAnySpidScopeAttribute("a").Scopes, Is.EqualTo(new[] { "a" }));
        Assert.That(((IAuthorizeData)new RequireSpidScopeAttribute("a", "b")).Policy, Is.EqualTo("SPiD scope: all of a b"));
        Assert.That(((IAuthorizeData)new RequireAnySpidScopeAttribute("a", "b")).Policy, Is.EqualTo("SPiD scope: any of a b"));
    }
}
