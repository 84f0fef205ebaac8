using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Kiota with its default middleware as message handlers of the client: retries, redirects and others.</summary>
[CancelAfter(60_000)]
internal sealed class KiotaTests
{
    [Test]
    public async Task Script_DefaultMiddleware_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: host.Client);

        await new CallScript(host, stopping => GetAsync(adapter, stopping)).RunAsync(cancellationToken);
    }

    [TestCase("https://stranger.test", Description = "A9")]
    [TestCase("https://api.test:444", Description = "A9")]
    public async Task GetAsync_ServiceRedirectsElsewhere_TokenStaysAtTheService(string target, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(Place.Before);
        host.Api.RedirectTarget = new Uri(target);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: host.Client);

        await GetAsync(adapter, cancellationToken);

        Assert.That(host.Api.Attempts.Where(attempt => attempt.Origin == target).Select(attempt => attempt.Authorization), Has.All.Null);
        Assert.That((host.Api.Attempts.First().Origin, host.TokenRequests), Is.EqualTo((ApiHost.Address, 1)));
    }

    [Test(Description = "A28")]
    public async Task PostAsync_StreamThatSeeksAndTheTokenIsRevoked_SameBytesAreRepeated(CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(Place.Before);
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: host.Client);

        await Repetition.AssertSameBytesAsync(host, () => SendAsync(adapter, Method.POST, "a message", cancellationToken), "a message");
    }

    private static ApiHost Create(Place place)
    {
        var host = new ApiHost();
        host.AddApi(place, http =>
        {
            for (int index = 0; index < KiotaClientFactory.CreateDefaultHandlers().Count; index++)
            {
                int number = index;
                http.AddHttpMessageHandler(() => KiotaClientFactory.CreateDefaultHandlers([new RetryHandlerOption { Delay = 0 }])[number]);
            }
        });
        return host;
    }

    private static Task<CallOutcome> GetAsync(HttpClientRequestAdapter adapter, CancellationToken cancellationToken) =>
        SendAsync(adapter, Method.GET, body: null, cancellationToken);

    private static async Task<CallOutcome> SendAsync(HttpClientRequestAdapter adapter, Method method, string? body, CancellationToken cancellationToken)
    {
        try
        {
            var request = new RequestInformation { HttpMethod = method, URI = new Uri("https://api.test/messages") };
            if (body is not null)
            {
                request.SetStreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)), "text/plain");
            }

            using Stream? answer = await adapter.SendPrimitiveAsync<Stream>(request, cancellationToken: cancellationToken);
            return new CallOutcome(answer is null ? 204 : 200);
        }
        catch (ApiException exception)
        {
            return new CallOutcome(exception.ResponseStatusCode, exception);
        }
        catch (HttpRequestException exception)
        {
            return CallOutcome.Of(exception);
        }
    }
}
