using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>A handler that follows redirects by hand carries the token to wherever the service says.</summary>
[CancelAfter(60_000)]
[Description("A9")]
internal sealed class RedirectTests
{
    [Test]
    public async Task GetAsync_FollowerCopiesTheHeaders_TokenStaysAtTheService(
        [Values] Place place,
        [Values("https://stranger.test", "http://stranger.test", "http://api.test", "https://api.test:444")] string target,
        CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http => http.AddHttpMessageHandler(() => new RedirectFollower()));
        host.Api.RedirectTarget = new Uri(target);

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Failure?.Message, Does.Contain(target));
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Origin), Is.EqualTo(new[] { ApiHost.Address }));
    }

    [Test]
    public async Task GetAsync_FollowerCopiesTheHeadersAndRetriesAreAdded_IsRefusedOnce([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http =>
        {
            Quick.AddRetries(http);
            http.AddHttpMessageHandler(() => new RedirectFollower());
        });
        host.Api.RedirectTarget = new Uri("https://stranger.test");

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Failure, Is.Not.Null);
        Assert.That(host.Api.Attempts, Has.Count.EqualTo(1));
    }

    [TestCase("https://stranger.test")]
    [TestCase("http://stranger.test")]
    public async Task GetAsync_FollowerBelowServiceDiscovery_TokenStaysAtTheService(string target, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.Services.AddSingleton<IConfiguration>(new ConfigurationManager { ["Services:apiservice:https:0"] = ApiHost.Address });
        host.Services.AddServiceDiscovery();
        host.AddApi(
            Place.Defaults,
            http =>
            {
                http.AddServiceDiscovery();
                http.AddHttpMessageHandler(() => new RedirectFollower());
            },
            "https+http://apiservice");
        host.Api.RedirectTarget = new Uri(target);

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Failure?.Message, Does.Contain(target));
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Origin), Is.EqualTo(new[] { ApiHost.Address }));
    }

    [Test]
    public async Task GetAsync_TargetIsAllowed_TokenGoesThere([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http => http.AddHttpMessageHandler(() => new RedirectFollower()));
        host.Services.Configure<Client.Http.SpidTokenHandlerOptions>(ApiHost.Name, options => options.AllowedOrigins.Add("https://archive.test"));
        host.Api.RedirectTarget = new Uri("https://archive.test");

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Status, Is.EqualTo(200), outcome.ToString());
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Origin), Is.EqualTo(new[] { ApiHost.Address, "https://archive.test" }));
    }
}
