using System.Collections.Frozen;
using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>
/// Reads claims from a JWT payload or an introspection answer, both in the same way. A registered claim of a wrong type makes the whole
/// unusable: skipping it would skip a check.
/// </summary>
internal static class ClaimsReader
{
    /// <summary>Reads the payload of a JWT. Gives <see langword="null"/>, and a fault in the library's own words, when a registered claim has a wrong type.</summary>
    public static TokenClaims? Read(JsonElement root, out string? fault) => Read(root, TokenClass.IsAccessToken, out fault);

    /// <summary>Reads an introspection answer in the same way. It may say little: RFC 7662 section 2.2 requires nothing but <c>active</c>.</summary>
    public static TokenClaims? ReadAnswer(JsonElement root, out string? fault) => Read(root, TokenClass.MayBeAccessToken, out fault);

    private static TokenClaims? Read(JsonElement root, Func<JsonElement, bool> isAccessToken, out string? fault)
    {
        try
        {
            TokenClaims claims = Read(root, isAccessToken);
            fault = null;
            return claims;
        }
        catch (ClaimFaultException exception)
        {
            fault = exception.Message;
            return null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or a lone surrogate, pass the parser and fail only when they are read.
            fault = "it has a text that is no UTF-8";
            return null;
        }
    }

    private static TokenClaims Read(JsonElement root, Func<JsonElement, bool> isAccessToken)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ClaimFaultException("it is no JSON object");
        }

        string? clientId = ClaimValues.GetText(root, "client_id"u8);
        string? authorizedParty = ClaimValues.GetText(root, "azp"u8);
        string? subject = ClaimValues.GetText(root, "sub"u8);
        string[] scopes = ClaimValues.GetScopes(root);
        return new TokenClaims
        {
            ClientId = clientId,
            AuthorizedParty = authorizedParty,
            Subject = subject,
            Scopes = scopes.ToFrozenSet(StringComparer.Ordinal),
            Audiences = ClaimValues.GetTexts(root, "aud"),
            Issuer = ClaimValues.GetText(root, "iss"u8),
            ExpiresAt = ClaimValues.GetTime(root, "exp"u8),
            NotBefore = ClaimValues.GetTime(root, "nbf"u8),
            IssuedAt = ClaimValues.GetTime(root, "iat"u8),
            TokenId = ClaimValues.GetText(root, "jti"u8),
            IsAccessToken = isAccessToken(root),
            IsUserToken = TokenClass.IsUserToken(root, subject, clientId ?? authorizedParty),
            Binding = TokenBinding.Read(root),
            Values = ClaimValues.GetAll(root, scopes),
        };
    }
}
