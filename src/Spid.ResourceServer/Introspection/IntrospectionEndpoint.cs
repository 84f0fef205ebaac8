using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Sends one introspection request (RFC 7662 section 2.1). The request is built by Duende.IdentityModel, the answer is read here.</summary>
internal static class IntrospectionEndpoint
{
    public static async Task<SpidIntrospectionResult> RequestAsync(
        HttpClient client, VerifierSettings settings, string token, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using ProtocolRequest message = CreateMessage(settings, token);
        return await Exchange.SendAsync<SpidIntrospectionResult>(
            client, message, settings.Cache.Distributed ? IntrospectionAnswer.ReadAndKeep : IntrospectionAnswer.Read, timeProvider, cancellationToken, jsonOnly: true).ConfigureAwait(false);
    }

    private static ProtocolRequest CreateMessage(VerifierSettings settings, string token)
    {
        var message = new ProtocolRequest
        {
            Method = HttpMethod.Post,
            RequestUri = settings.IntrospectionEndpoint,
            ClientId = settings.ClientId!,
            ClientSecret = settings.Secret!.Reveal(),
            ClientCredentialStyle = settings.Authentication == SpidClientAuthentication.Body
                ? ClientCredentialStyle.PostBody
                : ClientCredentialStyle.AuthorizationHeader,
            AuthorizationHeaderStyle = settings.Authentication == SpidClientAuthentication.BasicFormEncoded
                ? BasicAuthenticationHeaderStyle.Rfc6749
                : BasicAuthenticationHeaderStyle.Rfc2617,
        };

        message.Parameters.AddRequired(OidcConstants.TokenIntrospectionRequest.Token, token);
        message.Parameters.AddRequired(OidcConstants.TokenIntrospectionRequest.TokenTypeHint, OidcConstants.TokenTypes.AccessToken);
        message.Prepare();
        RequestHeaders.AddTo(message, settings.SendOidcHeader);
        return message;
    }
}
