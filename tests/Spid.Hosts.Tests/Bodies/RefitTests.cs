using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Spid.Hosts.Tests.Bodies;

/// <summary>Refit sends a body as a sequence of unknown length unless it is told to buffer it.</summary>
[CancelAfter(60_000)]
internal sealed class RefitTests
{
    private static readonly int[] Records = [1, 2, 3];

    [Test(Description = "A28")]
    public async Task Post_TokenRefused_IsRepeatedWithItsBody(
        [Values(HttpProtocols.Http1, HttpProtocols.Http2)] HttpProtocols protocols, [Values] Kind kind, [Values] bool resilient, CancellationToken cancellationToken)
    {
        await using RevokingApi api = await RevokingApi.StartAsync(protocols, _ => { }, app =>
        {
            app.MapPost("/records", (int[] records) => records);
            app.MapPost("/files", async (HttpRequest request) =>
            {
                using var reader = new StreamReader((await request.ReadFormAsync(cancellationToken)).Files.Single().OpenReadStream());
                return await reader.ReadToEndAsync(cancellationToken);
            });
        });
        await using ServiceProvider host = api.CreateHost(client =>
        {
            if (resilient)
            {
                client.AddStandardResilienceHandler();
            }
        });
        var settings = new RefitSettings { Version = protocols is HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        IRecords records = RestService.For<IRecords>(host.GetRequiredService<IHttpClientFactory>().CreateClient("api"), settings);

        object received = kind switch
        {
            Kind.Array => await records.AddAsync(Records),
            Kind.Buffered => await records.AddBufferedAsync(Records),
            Kind.Sequence => await records.AddSequenceAsync(SequenceAsync(cancellationToken)),
            _ => (await records.UploadAsync(await FileAsync())).Trim('"'),
        };

        Assert.That(received, Is.EqualTo(kind is Kind.File ? "content" : Records));
        Assert.That(api.Requests, Is.EqualTo(2));
    }

    private static IAsyncEnumerable<int> SequenceAsync(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<int>();
        Array.ForEach(Records, record => channel.Writer.TryWrite(record));
        channel.Writer.Complete();
        return channel.Reader.ReadAllAsync(cancellationToken);
    }

    /// <summary>A file that comes through a pipe, which cannot seek.</summary>
    private static async Task<StreamPart> FileAsync()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("content"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        return new StreamPart(pipe.Reader.AsStream(), "file.txt");
    }

    /// <summary>What is posted.</summary>
    internal enum Kind
    {
        Array,
        Buffered,
        Sequence,
        File,
    }
}
