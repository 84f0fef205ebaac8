using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>What code that knows only the platform's interfaces finds beside the identity.</summary>
internal sealed class AuthenticationPropertiesTests
{
    [TestCase(false)]
    [TestCase(true)]
    [Description("B33: GetTokenAsync, which is off unless the options say so")]
    public async Task GetTokenAsync_AcceptedToken_IsKeptIfTheOptionsSaySo(bool savesToken)
    {
        await using ApiRig rig = await StartAsync(savesToken);
        string token = rig.Issue();

        using HttpResponseMessage response = await rig.GetAsync(token, "/token");

        Assert.That(await response.Content.ReadAsStringAsync() == (savesToken ? token : "none"), Is.True);
    }

    [Test(Description = "B33: a token that was not accepted is kept nowhere")]
    public async Task GetTokenAsync_RejectedToken_IsNone()
    {
        await using ApiRig rig = await StartAsync(savesToken: true);

        using HttpResponseMessage response = await rig.GetAsync("opaque", "/token");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("none"));
    }

    [Test]
    public async Task Properties_AcceptedToken_HaveItsTimes()
    {
        await using ApiRig rig = await StartAsync(savesToken: false);

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), "/times");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo($"{rig.Time.GetUtcNow():u} {rig.Time.GetUtcNow().AddSeconds(900):u}"));
    }

    private static Task<ApiRig> StartAsync(bool savesToken) => ApiRig.StartAsync(options => options.SaveToken = savesToken, app =>
    {
        app.UseAuthentication();
        app.MapGet("/token", async (HttpContext context) => await context.GetTokenAsync("access_token") ?? "none");
        app.MapGet("/times", async (HttpContext context) =>
        {
            AuthenticationProperties properties = (await context.AuthenticateAsync()).Properties!;
            return $"{properties.IssuedUtc:u} {properties.ExpiresUtc:u}";
        });
    });
}
