using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>The order of middleware, which no compiler checks.</summary>
internal sealed class MiddlewareOrderTests
{
    [TestCase("RequireSpidScope")]
    [TestCase("RequireAuthorization")]
    [Description("B20: UseAuthorization before UseAuthentication")]
    public async Task Requests_AuthorizationComesFirst_WarningNamesTheLineToMoveOnce(string requirement)
    {
        await using ApiRig rig = await StartAsync(isAuthorizationFirst: true, requirement);
        using HttpResponseMessage stranger = await rig.GetAsync(null);
        string[] before = Warnings(rig);

        using HttpResponseMessage first = await rig.GetAsync(rig.Issue());
        using HttpResponseMessage second = await rig.GetAsync(rig.Issue());

        Assert.That((int)first.StatusCode, Is.EqualTo(401));
        Assert.That(before, Is.Empty, "a request without a token is refused in any order");
        Assert.That(Warnings(rig), Has.Length.EqualTo(1).And.One.Contains("move app.UseAuthentication() above app.UseAuthorization()").And.One.Contains("'SpidBearer'"));
    }

    [TestCase("RequireSpidScope")]
    [TestCase("RequireAuthorization")]
    public async Task Requests_AuthenticationComesFirst_NothingIsSaid(string requirement)
    {
        await using ApiRig rig = await StartAsync(isAuthorizationFirst: false, requirement);

        using HttpResponseMessage good = await rig.GetAsync(rig.Issue());
        using HttpResponseMessage bad = await rig.GetAsync("opaque");

        Assert.That(((int)good.StatusCode, (int)bad.StatusCode), Is.EqualTo((200, 401)));
        Assert.That(Warnings(rig), Is.Empty);
    }

    [Test(Description = "Without a default scheme the middleware looks at no token, and no line is to be moved")]
    public async Task Requests_NoDefaultScheme_NothingIsSaid()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("SpidBearer").RequireAuthenticatedUser());
                app.MapGet("/open", () => Results.Challenge(null, ["SpidBearer"]));
            },
            services: services => services.Configure<AuthenticationOptions>(options => options.DefaultScheme = "Api"),
            authentication: (builder, _) => builder.AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>("Api", null));

        using HttpResponseMessage good = await rig.GetAsync(rig.Issue());
        using HttpResponseMessage open = await rig.GetAsync(rig.Issue(), "/open");

        Assert.That(((int)good.StatusCode, (int)open.StatusCode), Is.EqualTo((200, 401)));
        Assert.That(Warnings(rig), Is.Empty);
    }

    private static string[] Warnings(ApiRig rig) => [.. rig.Logs.Lines.Where(line => line.StartsWith("Warning Spid.AspNetCore", StringComparison.Ordinal))];

    private static Task<ApiRig> StartAsync(bool isAuthorizationFirst, string requirement) => ApiRig.StartAsync(map: app =>
    {
        if (isAuthorizationFirst)
        {
            app.UseAuthorization();
            app.UseAuthentication();
        }
        else
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }

        RouteHandlerBuilder endpoint = app.MapGet("/messages", () => "");
        _ = requirement == "RequireSpidScope" ? endpoint.RequireSpidScope("read:messages") : endpoint.RequireAuthorization();
    });
}
