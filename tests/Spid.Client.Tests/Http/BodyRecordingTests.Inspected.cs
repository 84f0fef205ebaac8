using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Handlers below that look at the body, or dispose it.</content>
internal sealed partial class BodyRecordingTests
{
    public static IEnumerable<TestCaseData> Inspected() =>
    [
        new TestCaseData(() => new StringContent("abc")).SetArgDisplayNames("string"),
        new TestCaseData(() => new ByteArrayContent("abc"u8.ToArray())).SetArgDisplayNames("bytes"),
        new TestCaseData(() => new StreamContent(new MemoryStream("abc"u8.ToArray()))).SetArgDisplayNames("stream"),
        new TestCaseData(() => JsonContent.Create("abc")).SetArgDisplayNames("JSON"),
    ];

    [TestCaseSource(nameof(Inspected))]
    [Description("Extended logging with LogBody does this")]
    public async Task SendAsync_HandlerBelowTakesTheStreamAndTokenIsRefused_IsRepeatedOrRefusedButDoesNotThrow(Func<HttpContent> create)
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new LookingHandler(disposes: false)));
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", create());

        string[] bodies = [.. rig.Api.Calls.Select(call => System.Text.Encoding.UTF8.GetString(call.Body))];
        Assert.That(response.StatusCode, Is.AnyOf(HttpStatusCode.OK, HttpStatusCode.Unauthorized));
        Assert.That(bodies, Is.All.EqualTo(bodies[0]).And.All.Contains("abc"));
    }

    [Test(Description = "A compressing handler does this with the content that it wraps")]
    public async Task SendAsync_HandlerBelowDisposesTheBodyAndTokenIsRefused_IsRepeatedWithTheKeptBytes()
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new LookingHandler(disposes: true)));
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", JsonContent.Create("abc"));

        Assert.That(response.StatusCode, Is.AnyOf(HttpStatusCode.OK, HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Select(call => System.Text.Encoding.UTF8.GetString(call.Body)), Is.All.EqualTo("\"abc\""));
    }

    private sealed class LookingHandler(bool disposes) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!disposes)
            {
                _ = await request.Content!.ReadAsStreamAsync(cancellationToken);
            }

            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (disposes)
            {
                request.Content!.Dispose();
            }

            return response;
        }
    }
}
