using System.Net;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <summary>A refusal with a JSON body that goes on for ever: looking into its beginning takes nothing from the caller.</summary>
[CancelAfter(60_000)]
internal sealed partial class SpidTokenHandlerTests
{
    private const int BeyondTheLook = 70_000;

    [Test]
    public async Task SendAsync_RefusalStallsBehindItsBeginning_EndsWithTheCallersCancellation(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        using var body = new StallingStream(BeyondTheLook);
        rig.Api.AnswerWith(_ => Refusal(body));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        Task<HttpResponseMessage> call = rig.Client.PostAsync("messages", OneShot(), caller.Token);
        await body.Stalled.Task.WaitAsync(cancellationToken);
        await caller.CancelAsync();

        Assert.That(() => call.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task SendAsync_EndlessRefusalReadAsAStream_IsNotCollectedFirst(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        using var body = new StallingStream(BeyondTheLook);
        rig.Api.AnswerWith(_ => Refusal(body));
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = OneShot() };

        using HttpResponseMessage response = await rig.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        byte[] received = new byte[BeyondTheLook];
        await stream.ReadExactlyAsync(received, cancellationToken);

        Assert.That(body.Stalled.Task.IsCompleted, Is.False);
    }

    private static HttpResponseMessage Refusal(Stream body)
    {
        var content = new StreamContent(body);
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = content };
    }

    private static StreamContent OneShot() => new(new OneShotStream(Encoding.UTF8.GetBytes("x")));
}
