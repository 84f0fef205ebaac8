using Azure.Core;
using Azure.Core.Pipeline;

namespace Spid.Benchmarks.Rivals;

/// <summary>A pipeline of Azure.Core over an <see cref="HttpClient"/>, without retries, logging and spans, which are not what is measured.</summary>
internal static class AzurePipeline
{
    public static HttpPipeline Create(HttpClient http, params HttpPipelinePolicy[] policies)
    {
        var options = new Options { Transport = new HttpClientTransport(http) };
        (options.Retry.MaxRetries, options.Diagnostics.IsLoggingEnabled, options.Diagnostics.IsDistributedTracingEnabled) = (0, false, false);
        return HttpPipelineBuilder.Build(options, policies);
    }

    public static async Task<bool> SendAsync(HttpPipeline pipeline)
    {
        using HttpMessage message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(World.Service);
        await pipeline.SendAsync(message, CancellationToken.None);
        return message.Response.Status == 200;
    }

    private sealed class Options : ClientOptions;
}
