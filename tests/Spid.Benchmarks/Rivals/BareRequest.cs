using Duende.IdentityModel.Client;

namespace Spid.Benchmarks.Rivals;

/// <summary>The request of bare Duende.IdentityModel, which keeps no token.</summary>
internal sealed class BareRequest(HttpClient http)
{
    private static readonly Uri Endpoint = new("https://identity-pre.schibsted.com/oauth/token");

    public async Task<TokenResponse> SendAsync(string scope, CancellationToken cancellationToken = default)
    {
        using var request = new ClientCredentialsTokenRequest
        {
            RequestUri = Endpoint,
            ClientId = "4e8463569caf7ca019000007",
            ClientSecret = "secret",
            ClientCredentialStyle = ClientCredentialStyle.AuthorizationHeader,
            Scope = scope,
        };
        return await http.RequestClientCredentialsTokenAsync(request, cancellationToken);
    }
}
