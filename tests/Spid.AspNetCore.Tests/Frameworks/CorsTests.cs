using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>Edge case 97: what browsers and caches send beside GET.</summary>
internal sealed class CorsTests
{
    private const string Origin = "https://app.example.com";

    [TestCase(false)]
    [TestCase(true)]
    [Description("Edge case 97: a preflight brings no token and gets no challenge, also while SPiD is down")]
    public async Task Preflight_ProtectedEndpoint_IsUntouched(bool isSpidDown)
    {
        await using ApiRig rig = await StartAsync();
        if (isSpidDown)
        {
            await rig.Spid.DisposeAsync();
        }

        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/messages");
        preflight.Headers.Add("Origin", Origin);
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
        using HttpResponseMessage response = await rig.Client.SendAsync(preflight);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { Origin }));
            Assert.That(response.Headers.GetValues("Access-Control-Allow-Headers"), Is.EqualTo(new[] { "authorization" }));
            Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
            Assert.That((rig.KeyFetches, rig.Introspections), Is.EqualTo((0, 0)));
        }
    }

    [Test(Description = "Edge case 97: the browser may read why a request was refused")]
    public async Task Request_RefusedFromAnotherOrigin_HasTheHeadersOfCorsToo()
    {
        await using ApiRig rig = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/messages");
        request.Headers.Add("Origin", Origin);

        using HttpResponseMessage response = await rig.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { Origin }));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer realm=\"SPiD\""));
    }

    [TestCase(true, HttpStatusCode.OK)]
    [TestCase(false, HttpStatusCode.Unauthorized)]
    [Description("Edge case 97: HEAD is answered as GET, without a body")]
    public async Task Head_WithAndWithoutToken_IsAnsweredAsGet(bool hasToken, HttpStatusCode expected)
    {
        await using ApiRig rig = await StartAsync();

        using HttpResponseMessage head = await rig.SendAsync(HttpMethod.Head, hasToken ? rig.Issue() : null);
        using HttpResponseMessage get = await rig.GetAsync(hasToken ? rig.Issue() : null);

        Assert.That((head.StatusCode, get.StatusCode), Is.EqualTo((expected, expected)));
        Assert.That(head.Headers.WwwAuthenticate.ToString(), Is.EqualTo(get.Headers.WwwAuthenticate.ToString()));
        Assert.That(await head.Content.ReadAsStringAsync(), Is.Empty);
    }

    private static Task<ApiRig> StartAsync() => ApiRig.StartAsync(
        map: app =>
        {
            app.UseCors();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapMethods("/messages", ["GET", "HEAD"], () => "").RequireSpidScope("read:messages").RequireCors();
        },
        services: services => services.AddCors(options => options.AddDefaultPolicy(policy => policy.WithOrigins(Origin).WithHeaders("authorization"))));
}
