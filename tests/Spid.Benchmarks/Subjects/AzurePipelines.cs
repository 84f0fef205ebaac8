using Azure.Core;
using Azure.Core.Pipeline;
using Spid.Benchmarks.Rivals;

namespace Spid.Benchmarks.Subjects;

/// <summary>Azure.Core's pipeline before the same service, with and without its bearer policy.</summary>
internal sealed class AzurePipelines : IDisposable
{
    private readonly HttpClient _http = new(new PromptService(renewsAnswer: true));

    public AzurePipelines()
    {
        Plain = AzurePipeline.Create(_http);
        Bearer = AzurePipeline.Create(_http, new BearerTokenAuthenticationPolicy(new Credential(), "read:messages"));
    }

    public HttpPipeline Plain { get; }

    public HttpPipeline Bearer { get; }

    public static async ValueTask SendAsync(HttpPipeline pipeline)
    {
        using HttpMessage message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(Subject.Service);
        await pipeline.SendAsync(message, CancellationToken.None);
    }

    public void Dispose() => _http.Dispose();

    private sealed class Credential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(TokenEndpointStub.AccessToken, TimeProvider.System.GetUtcNow().AddDays(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
