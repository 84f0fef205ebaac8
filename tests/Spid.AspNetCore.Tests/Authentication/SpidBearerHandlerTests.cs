using System.Net;
using Spid.AspNetCore.Tests.Shared;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>The three answers of a protected service, through the whole pipeline.</summary>
[CancelAfter(30_000)]
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
