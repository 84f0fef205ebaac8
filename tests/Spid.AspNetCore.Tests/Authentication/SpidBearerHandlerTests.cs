using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>The three answers of a protected service, through the whole pipeline.</summary>
[CancelAfter(60_000)]
internal sealed class SpidBearerHandlerTests
{
    [Test]
    public async Task Request_GoodToken_IsAnsweredWithTheClientOfTheToken()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(rig.Spid.ClientId));
    }

    [Test(Description = "Edge case 1")]
    public async Task Request_NoToken_IsChallengedWithoutAnError()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer realm=\"SPiD\""));
        Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
    }

    [Test]
    public async Task Request_ScopeMissing_IsForbiddenAndTheScopeNamed()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        using HttpResponseMessage response = await rig.SendAsync(HttpMethod.Post, rig.Issue());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("error=\"insufficient_scope\"").And.Contain("scope=\"write:messages\""));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Authenticate_GoodToken_TicketExpiresWithTheToken(bool isRemembered)
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.Run(context => context.Response.WriteAsync($"{context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc:O}"));
        });
        string token = rig.Issue(spec => spec.Lifetime = TimeSpan.FromMinutes(7));
        if (isRemembered)
        {
            (await rig.GetAsync(token)).Dispose();
        }

        using HttpResponseMessage response = await rig.GetAsync(token);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo($"{rig.Time.GetUtcNow().AddMinutes(7):O}"));
    }

    [Test(Description = "Edge case 101: at most 3 KB for a remembered token, its claims read")]
    public async Task Authenticate_RememberedToken_AllocatesLittle()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        rig.Logs.IsOn = false;
        string good = "Bearer " + rig.Issue();
        long Measure(string? authorization)
        {
            using IServiceScope scope = rig.Services.CreateScope();
            var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            context.Request.Headers.Authorization = authorization;
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task<AuthenticateResult> authentication = context.AuthenticateAsync();
            AuthenticateResult result = authentication.GetAwaiter().GetResult();
            bool isLetIn = result.Succeeded && result.Principal.Claims.Any();
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(isLetIn, Is.EqualTo(authorization is not null));
            return bytes;
        }

        long Usual(string? authorization) => Enumerable.Range(0, 200).Select(_ => Measure(authorization)).Skip(100).Order().ElementAt(50);

        // Beyond what the platform takes for a request that brings no token.
        Assert.That(Usual(good) - Usual(null), Is.LessThanOrEqualTo(3 * 1024));
    }

    [Test]
    public async Task Request_SpidDown_IsAnsweredUnavailableAndNeverUnauthorized()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
    }
}
