using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Handlers below that send messages of their own, which the answer then refers to.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCase(200, false)]
    [TestCase(401, false)]
    [TestCase(503, false)]
    [TestCase(200, true)]
    [TestCase(401, true)]
    public async Task SendAsync_HandlerBelowSendsACopy_TokenIsOffTheCopy(int status, bool synchronous)
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new SendingACopy(keepsToken: true)));
        rig.Api.AnswerWith(_ => new HttpResponseMessage((HttpStatusCode)status));

        using HttpResponseMessage response = await SendAsync(rig, synchronous);

        Assert.That(rig.Api.Tokens, Is.All.StartsWith("token-"));
        Assert.That(response.RequestMessage!.Headers.Authorization, Is.Null);
    }

    [Test]
    public async Task SendAsync_HandlerBelowSendsACopyWithAHeaderOfItsOwn_ThatIsKept()
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new SendingACopy(keepsToken: false, "Basic dXNlcjpwYXNz")));

        using HttpResponseMessage response = await SendAsync(rig, synchronous: false);

        Assert.That(response.RequestMessage!.Headers.Authorization!.ToString(), Is.EqualTo("Basic dXNlcjpwYXNz"));
    }

    [Test]
    public async Task SendAsync_CopyWithoutTheTokenIsRefused_TokenIsNotRenewed([Values] bool synchronous)
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new SendingACopy(keepsToken: false)));
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());

        using HttpResponseMessage response = await SendAsync(rig, synchronous);

        Assert.That((response.StatusCode, rig.Spid.Count, rig.Api.Count), Is.EqualTo((HttpStatusCode.Unauthorized, 1, 1)));
    }

    [Test]
    public async Task SendAsync_CopyWithTheTokenIsRefused_TokenIsRenewedOnce([Values] bool synchronous)
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new SendingACopy(keepsToken: true)));
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await SendAsync(rig, synchronous);

        Assert.That((response.StatusCode, rig.Spid.Count, rig.Api.Count), Is.EqualTo((HttpStatusCode.OK, 2, 2)));
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiRig rig, bool synchronous)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        return synchronous ? rig.Client.Send(request) : await rig.Client.SendAsync(request);
    }

    private sealed class SendingACopy(bool keepsToken, string? authorization = null) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpRequestMessage copy = Copy(request);
            return Refer(base.Send(copy, cancellationToken), copy);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpRequestMessage copy = Copy(request);
            return Refer(await base.SendAsync(copy, cancellationToken), copy);
        }

        private static HttpResponseMessage Refer(HttpResponseMessage response, HttpRequestMessage copy)
        {
            response.RequestMessage = copy;
            return response;
        }

        private HttpRequestMessage Copy(HttpRequestMessage request)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri);
            if ((keepsToken ? request.Headers.Authorization?.ToString() : authorization) is { } header)
            {
                copy.Headers.TryAddWithoutValidation("Authorization", header);
            }

            return copy;
        }
    }
}
