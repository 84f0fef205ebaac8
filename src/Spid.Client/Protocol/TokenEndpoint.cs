using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using Spid.Client.Settings;

namespace Spid.Client.Protocol;

/// <summary>Sends the <c>client_credentials</c> request (RFC 6749 section 4.4.2). The request is built by Duende.IdentityModel, the answer is read here.</summary>
internal static class TokenEndpoint
{
    public static Task<TokenAnswer> RequestAsync(
        HttpClient client, ClientSettings settings, ClientSecret secret, TokenRequest request, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        new Exchange<TokenAnswer>(client, CreateMessage(settings, secret, request), TokenAnswer.Read, timeProvider).SendAsync(cancellationToken);

    private static ProtocolRequest CreateMessage(ClientSettings settings, ClientSecret secret, TokenRequest request)
    {
        var message = new ProtocolRequest
        {
            Method = HttpMethod.Post,
            RequestUri = settings.TokenEndpoint,
            ClientId = settings.ClientId,
            ClientSecret = secret.Reveal(),
            ClientCredentialStyle = settings.Authentication == SpidClientAuthentication.Body
                ? ClientCredentialStyle.PostBody
                : ClientCredentialStyle.AuthorizationHeader,
            AuthorizationHeaderStyle = settings.Authentication == SpidClientAuthentication.BasicFormEncoded
                ? BasicAuthenticationHeaderStyle.Rfc6749
                : BasicAuthenticationHeaderStyle.Rfc2617,
        };

        Parameters form = message.Parameters;
        form.Add(OidcConstants.TokenRequest.GrantType, OidcConstants.GrantTypes.ClientCredentials);
        if (request.Scope is not null)
        {
            form.Add(OidcConstants.TokenRequest.Scope, request.Scope);
        }

        foreach (string resource in request.Resources)
        {
            form.Add(OidcConstants.TokenRequest.Resource, resource);
        }

        // RFC 6749 section 3.2: a parameter without a value is treated as if it were omitted.
        foreach ((string name, string value) in request.Parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                form.Add(name, value);
            }
        }

        message.Prepare();
        RequestHeaders.AddTo(message, settings.SendOidcHeader);
        return message;
    }
}
