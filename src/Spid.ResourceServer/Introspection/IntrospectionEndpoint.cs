using System.Buffers.Text;
using System.Security.Cryptography;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Sends introspection requests (RFC 7662 section 2.1). A request is built by Duende.IdentityModel, the answer is read here.</summary>
internal sealed class IntrospectionEndpoint(VerifierSettings settings, VerifierParts parts) : ITokenStatusEndpoint
{
    public Uri Address => settings.IntrospectionEndpoint;

    public Task<TokenStatusAnswer> AskAsync(string token, CancellationToken cancellationToken)
    {
        AnswerReader<SpidIntrospectionResult> read = settings.Cache.Distributed ? IntrospectionAnswer.ReadAndKeep : IntrospectionAnswer.Read;
        var exchange = new Exchange<SpidIntrospectionResult>(parts.GetHttpClient(), CreateMessage(token), read, parts.TimeProvider) { JsonOnly = true, UsesOtherThread = true };
        return TokenStatusAnswer.FromAsync(exchange.SendAsync(cancellationToken), Address);
    }

    /// <summary>Has the shape of a JWT and is random, so that SPiD calls it inactive and nothing between here and there can know the answer.</summary>
    public string MakeUpToken()
    {
        const string header = "eyJhbGciOiJSUzI1NiIsImtpZCI6InNlbGYtdGVzdCJ9";
        return $"{header}.e30.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256))}";
    }

    private ProtocolRequest CreateMessage(string token)
    {
        var message = new ProtocolRequest
        {
            Method = HttpMethod.Post,
            RequestUri = Address,
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
