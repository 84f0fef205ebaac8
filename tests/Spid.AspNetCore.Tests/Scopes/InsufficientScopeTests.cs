using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Frameworks;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Scopes;

/// <summary>Which scopes a 403 names: those that failed in the decision that it answers.</summary>
internal sealed class InsufficientScopeTests
{
    private const string Bare = "Bearer realm=\"SPiD\"";

    [TestCase("/null", "write:messages", Description = "B21: asked about without a resource")]
    [TestCase("/document", "write:messages", Description = "B21: asked about a document of the application")]
    [TestCase("/last", "write:messages", Description = "B21: another scope was merely asked about before")]
    [TestCase("/many", "write:messages admin", Description = "B21: a policy with two requirements")]
    [TestCase("/mvc-result", "write:messages", Description = "B21: Forbid of a controller")]
    public async Task Forbid_DecisionOfTheApplicationFailed_NamesItsScopes(string path, string expected)
    {
        await using ApiRig rig = await StartAsync();

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), path);

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("insufficient_scope").And.EndsWith($"scope=\"{expected}\""));
    }

    [TestCase("/other-failed", Description = "B21: the decision that is answered failed for another reason than a scope")]
    [TestCase("/other-policy", Description = "B21: the endpoint's policy failed for another reason, after a scope was merely asked about")]
    [TestCase("/succeeded", Description = "B21: the last decision let the caller in, and the application forbids for a reason of its own")]
    [TestCase("/never-asked", Description = "B21: the application forbids without having asked")]
    [TestCase("/failed-early", Description = "B21: a handler ended the decision before the scope, which the token has, was looked at")]
    public async Task Forbid_ScopeWasMerelyAskedAbout_NamesNone(string path)
    {
        await using ApiRig rig = await StartAsync(options => options.InvokeHandlersAfterFailure = false);

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), path);

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(Bare));
    }

    [Test(Description = "B21: another handler of the application has met the requirement")]
    public async Task Forbid_RequirementWasMetByAnotherHandler_NamesOnlyWhatFailed()
    {
        await using ApiRig rig = await StartAsync(services: services => services.AddSingleton<IAuthorizationHandler, Lenient>());

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), "/many");

        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.EndWith("scope=\"admin\""));
    }

    private static Task<ApiRig> StartAsync(Action<AuthorizationOptions>? configure = null, Action<IServiceCollection>? services = null) => ApiRig.StartAsync(
        map: app =>
        {
            app.UseAuthentication();
            app.Use(async (context, next) =>
            {
                if (context.Request.Path == "/other-policy")
                {
                    await Decide(context, "Write", context);
                }

                await next(context);
            });
            app.UseAuthorization();
            Map(app, "/null", context => Decide(context, "Write"));
            Map(app, "/document", context => Decide(context, "Write", new object()));
            Map(app, "/many", context => Decide(context, "Many"));
            Map(app, "/last", async context => await Decide(context, "Admin", context) && await Decide(context, "Read") && await Decide(context, "Write"));
            Map(app, "/other-failed", async context => await Decide(context, "Write", context) && await Decide(context, "Owner"));
            Map(app, "/failed-early", async context => await Decide(context, "Write", context) && await Decide(context, "Closed"));
            Map(app, "/succeeded", async context => await Decide(context, "Write", context) && await Decide(context, "Read"));
            Map(app, "/never-asked", _ => Task.FromResult(false));
            app.MapGet("/other-policy", () => "").RequireAuthorization("Owner");
            app.MapControllers();
        },
        services: collection =>
        {
            collection.AddAuthorization(options =>
            {
                options.AddPolicy("Read", policy => policy.RequireSpidScope("read:messages"));
                options.AddPolicy("Write", policy => policy.RequireSpidScope("write:messages"));
                options.AddPolicy("Admin", policy => policy.RequireSpidScope("admin"));
                options.AddPolicy("Many", policy => policy.RequireSpidScope("write:messages").RequireSpidScope("admin"));
                options.AddPolicy("Owner", policy => policy.RequireClaim("owner"));
                options.AddPolicy("Closed", policy => policy.AddRequirements(new Closed()).RequireSpidScope("read:messages"));
                configure?.Invoke(options);
            });
            collection.Insert(0, ServiceDescriptor.Singleton<IAuthorizationHandler, ClosedHandler>());
            collection.AddControllers().AddApplicationPart(typeof(DraftsController).Assembly);
            services?.Invoke(collection);
        });

    /// <summary>An endpoint that everybody with a token may call, and that answers with Forbid.</summary>
    private static void Map(WebApplication app, string path, Func<HttpContext, Task<bool>> decide) =>
        app.MapGet(path, async (HttpContext context) =>
        {
            await decide(context);
            return Results.Forbid();
        }).RequireAuthorization();

    private static async Task<bool> Decide(HttpContext context, string policy, object? resource = null)
    {
        ClaimsPrincipal user = context.User;
        AuthorizationResult result = await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, resource, policy);

        // The caller goes on in either case: it was merely asked.
        _ = result.Succeeded;
        return true;
    }

    private sealed class Closed : IAuthorizationRequirement;

    private sealed class ClosedHandler : AuthorizationHandler<Closed>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Closed requirement)
        {
            context.Fail();
            return Task.CompletedTask;
        }
    }

    /// <summary>Lets every caller write.</summary>
    private sealed class Lenient : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context)
        {
            foreach (IAuthorizationRequirement requirement in context.PendingRequirements.Where(requirement => requirement.ToString()!.Contains("write:messages", StringComparison.Ordinal)).ToArray())
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
