using Azure.Core;
using Azure.Core.Pipeline;

namespace Spid.Benchmarks.Rivals;

/// <summary>Azure.Core's pipeline with its bearer policy. It holds one token for each policy; the credential is ours and keeps none.</summary>
internal sealed class AzureRival : IRival
{
    private readonly HttpClient _http;
    private readonly HttpPipeline[] _pipelines;

    public AzureRival(World world)
    {
        _http = world.CreateClient();
        var credential = new Credential(new BareRequest(_http));
        _pipelines = [.. Enumerable.Range(0, 10).Select(number => AzurePipeline.Create(_http, new BearerTokenAuthenticationPolicy(credential, $"read-{number}")))];
    }

    public string Name => "Azure.Core";

    public Task<bool> CallAsync(int scope) => AzurePipeline.SendAsync(_pipelines[scope]);

    public void Dispose() => _http.Dispose();

    private sealed class Credential(BareRequest request) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Duende.IdentityModel.Client.TokenResponse token = await request.SendAsync(requestContext.Scopes[0], cancellationToken);
            return token.AccessToken is { } value
                ? new AccessToken(value, TimeProvider.System.GetUtcNow().AddSeconds(token.ExpiresIn))
                : throw new HttpRequestException("There is no token.");
        }
    }
}
