using System.Collections.Concurrent;
using Microsoft.AspNetCore.HeaderPropagation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Spid.Client.Http;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Microsoft.AspNetCore.HeaderPropagation: the header of the user's request does not take the place of the token.</summary>
[CancelAfter(60_000)]
internal sealed class HeaderPropagationTests
{
    private const string OfTheUser = "Bearer of-the-user";

    [Test]
    public async Task Script_AuthorizationOfTheUserIsPropagated_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        var correlations = new ConcurrentQueue<string>();
        await using ApiHost host = Create(place, http => http.AddHttpMessageHandler(
            () => new NotingHandler(request => correlations.Enqueue(request.Headers.GetValues("X-Correlation").Single()))));

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
        Assert.That(correlations, Is.Not.Empty.And.All.EqualTo("17"));
    }

    [Test]
    public async Task SendAsync_WithoutSpidToken_HeaderOfTheUserIsPropagated([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        using HttpClient client = host.Client;
        using HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Get, "messages").WithoutSpidToken();

        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);

        Assert.That((host.Api.Attempts.Single().Authorization, host.TokenRequests), Is.EqualTo((OfTheUser, 0)));
    }

    private static ApiHost Create(Place place, Action<IHttpClientBuilder>? addBelow = null)
    {
        var host = new ApiHost();
        host.Services.AddHeaderPropagation(options =>
        {
            options.Headers.Add("X-Correlation");
            options.Headers.Add("Authorization");
        });
        host.AddApi(place, http => http.AddHeaderPropagation());
        addBelow?.Invoke(host.Services.AddHttpClient(ApiHost.Name));
        host.Provider.GetRequiredService<HeaderPropagationValues>().Headers =
            new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase) { ["X-Correlation"] = "17", ["Authorization"] = OfTheUser };
        return host;
    }
}
