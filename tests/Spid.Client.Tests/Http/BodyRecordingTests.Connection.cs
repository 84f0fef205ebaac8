using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Over real connections: what was streamed without a recorder is streamed with one.</content>
internal sealed partial class BodyRecordingTests
{
    private static readonly Version[] Versions = [HttpVersion.Version11, HttpVersion.Version20];

    [Test(Description = "A1")]
    public async Task SendAsync_SequenceOverAConnection_IsRepeatedInTheSameFrame([ValueSource(nameof(Versions))] Version version, CancellationToken cancellationToken)
    {
        var calls = new ConcurrentQueue<(string Body, long? Length, string TransferEncoding)>();
        await using KestrelApi api = await KestrelApi.StartAsync(version, async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            calls.Enqueue((await reader.ReadToEndAsync(cancellationToken), context.Request.ContentLength, context.Request.Headers.TransferEncoding.ToString()));
            context.Response.StatusCode = Refuses(context) ? 401 : 201;
        });

        using HttpRequestMessage request = api.Post(JsonContent.Create(RecordsAsync(5, cancellationToken)));
        using HttpResponseMessage response = await api.Client.SendAsync(request, cancellationToken);

        string encoding = version.Major == 1 ? "chunked" : "";
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(calls, Is.EqualTo(new[] { ("[1,2,3,4,5]", (long?)null, encoding), ("[1,2,3,4,5]", null, encoding) }));
    }

    [Test]
    public async Task Send_BodyForOnceOverAConnection_IsRepeated(CancellationToken cancellationToken)
    {
        var bodies = new ConcurrentQueue<byte[]>();
        await using KestrelApi api = await KestrelApi.StartAsync(HttpVersion.Version11, async context =>
        {
            bodies.Enqueue(await BodyOfAsync(context));
            context.Response.StatusCode = Refuses(context) ? 401 : 200;
        });

        using HttpRequestMessage request = api.Post(new StreamContent(new OneShotStream(Bytes)));
        using HttpResponseMessage response = await Task.Run(() => api.Client.Send(request, cancellationToken), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(bodies, Is.EqualTo(new[] { Bytes, Bytes }));
    }

    [Test(Description = "A2")]
    public async Task SendAsync_RefusedWhileTheBodyIsBeingSent_GivesThe401ToTheCallerAndRenews(CancellationToken cancellationToken)
    {
        int requests = 0;
        await using KestrelApi api = await KestrelApi.StartAsync(HttpVersion.Version20, async context =>
        {
            Interlocked.Increment(ref requests);
            if (Refuses(context))
            {
                await context.Request.Body.ReadExactlyAsync(new byte[1], cancellationToken);
                context.Response.StatusCode = 401;
                await context.Response.CompleteAsync();
            }

            await BodyOfAsync(context);
        });
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var content = new OneShotContent([1], [2]) { Before = piece => piece == 1 ? rest.Task : Task.CompletedTask };

        using HttpRequestMessage request = api.Post(content);
        using HttpResponseMessage response = await api.Client.SendAsync(request, cancellationToken);
        rest.SetResult();
        using HttpRequestMessage next = api.Post(new OneShotContent([3]));
        using HttpResponseMessage answer = await api.Client.SendAsync(next, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { response.StatusCode, answer.StatusCode }, Is.EqualTo(new[] { HttpStatusCode.Unauthorized, HttpStatusCode.OK }));
            Assert.That(requests, Is.EqualTo(2));
            Assert.That(api.Spid.Count, Is.EqualTo(2));
            Assert.That(request.Content, Is.SameAs(content));
        }
    }

    [Test]
    public async Task SendAsync_ConversationOverHttp2_HoldsNothingBack(CancellationToken cancellationToken)
    {
        await using KestrelApi api = await KestrelApi.StartAsync(HttpVersion.Version20, async context =>
        {
            context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            await context.Response.StartAsync(cancellationToken);
            await context.Request.Body.CopyToAsync(context.Response.Body, cancellationToken);
        });
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var content = new OneShotContent([1], [2]) { Before = piece => piece == 1 ? answered.Task : Task.CompletedTask };

        using HttpRequestMessage request = api.Post(content);
        using HttpResponseMessage response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] received = new byte[2];
        await body.ReadExactlyAsync(received.AsMemory(0, 1), cancellationToken);
        answered.SetResult();
        await body.ReadExactlyAsync(received.AsMemory(1), cancellationToken);

        Assert.That(received, Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public async Task SendAsync_RefusedInsteadOf100Continue_SendsTheBodyInTheRepetition([ValueSource(nameof(Versions))] Version version, CancellationToken cancellationToken)
    {
        var bodies = new ConcurrentQueue<byte[]>();
        await using KestrelApi api = await KestrelApi.StartAsync(
            version,
            async context =>
            {
                if (Refuses(context))
                {
                    context.Response.StatusCode = 401;
                    return;
                }

                bodies.Enqueue(await BodyOfAsync(context));
            },
            new SpidTokenHandlerOptions { ReplayBufferLimit = 10 });
        using var content = new OneShotContent(Bytes);

        using HttpRequestMessage request = api.Post(content);
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await api.Client.SendAsync(request, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(bodies, Is.EqualTo(new[] { Bytes }));
    }

    private static bool Refuses(HttpContext context) => context.Request.Headers.Authorization == "Bearer token-1";

    private static async Task<byte[]> BodyOfAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
