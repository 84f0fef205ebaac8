using Polly;
using Spid.Client;
using Spid.Client.Settings;
using Spid.Client.Tokens;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a pipeline of your own build on the default one.</summary>
public static class SpidResiliencePipelineBuilderExtensions
{
    /// <summary>Adds the strategies that Spid.Client puts around the token endpoint: total timeout, retry, circuit breaker, attempt timeout.</summary>
    /// <param name="builder">The pipeline, registered with <c>AddResiliencePipeline</c> under <see cref="Spid.Client.Diagnostics.SpidDiagnostics.PipelineName"/>.</param>
    /// <param name="options">The settings; their defaults when left out.</param>
    /// <returns>The same builder.</returns>
    public static ResiliencePipelineBuilder AddSpidTokenResilience(this ResiliencePipelineBuilder builder, SpidResilienceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = ResilienceSettings.From(options ?? new SpidResilienceOptions());
        builder.AddTimeout(settings.Timeout);
        TokenPipeline.Configure(builder, settings);
        return builder;
    }
}
