using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Handlers around this one that send a message again.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [Test]
    public async Task SendAsync_RepeatedFromAbove_ForcesNoFurtherRenewal(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var client = new HttpClient(new RepeatingHandler(4) { InnerHandler = rig.Handler });
        rig.Api.AnswerWith(call => call.Number switch
        {
            1 => StubApi.Unauthorized(),
            < 5 => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
            _ => new HttpResponseMessage(HttpStatusCode.OK),
        });

        using HttpResponseMessage response = await client.GetAsync("https://api.example.com/v1/messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2", "token-2", "token-2", "token-2" }));
            Assert.That(rig.Spid.Count, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task SendAsync_RepeatedFromAboveAfterARenewalElsewhere_CarriesTheNewestToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var client = new HttpClient(new RepeatingHandler(2, async () =>
        {
            ServerToken current = await rig.Tokens.GetTokenAsync(CancellationToken.None);
            await rig.Tokens.RenewTokenAsync(current, CancellationToken.None);
        })
        {
            InnerHandler = rig.Handler,
        });
        rig.Api.AnswerWith(call => new HttpResponseMessage(call.Number == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));

        using HttpResponseMessage response = await client.GetAsync("https://api.example.com/v1/messages", cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
    }

    [Test]
    public async Task SendAsync_RepeatedFromBelow_CarriesTheSameTokenEachTime(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new RepeatingHandler(3)));
        rig.Api.AnswerWith(call => call.Number < 3 ? new HttpResponseMessage(HttpStatusCode.BadGateway) : new HttpResponseMessage(HttpStatusCode.OK));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1", "token-1" }));
    }

    [Test]
    public async Task SendAsync_SameMessageTwice_TakesTheTokenOfTheMoment(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var invoker = new HttpMessageInvoker(rig.Handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/v1/messages");

        using HttpResponseMessage first = await invoker.SendAsync(request, cancellationToken);
        await rig.Tokens.RenewTokenAsync(await rig.Tokens.GetTokenAsync(cancellationToken), cancellationToken);
        using HttpResponseMessage second = await invoker.SendAsync(request, cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
    }

    [Test]
    public async Task SendAsync_SameMessageNowWithoutToken_CarriesNone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var invoker = new HttpMessageInvoker(rig.Handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/v1/messages");

        using HttpResponseMessage first = await invoker.SendAsync(request, cancellationToken);
        using HttpResponseMessage second = await invoker.SendAsync(request.WithoutSpidToken(), cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => call.Authorization), Is.EqualTo(new[] { "Bearer token-1", null }));
    }

    [Test]
    public async Task SendAsync_AuthorizationCopiedFromAnotherMessage_IsReplacedByTheTokenOfTheMoment(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var invoker = new HttpMessageInvoker(rig.Handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/v1/messages");
        using HttpResponseMessage first = await invoker.SendAsync(request, cancellationToken);
        await rig.Tokens.RenewTokenAsync(await rig.Tokens.GetTokenAsync(cancellationToken), cancellationToken);
        using var copy = new HttpRequestMessage(HttpMethod.Get, request.RequestUri);
        copy.Headers.Authorization = request.Headers.Authorization;

        using HttpResponseMessage second = await invoker.SendAsync(copy, cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
    }
}
