using Spid.Client;

namespace Spid.Wire;

/// <summary>What is wrong with a client id or secret; the secret itself is never quoted.</summary>
internal static class CredentialRules
{
    public static IEnumerable<string> FindIdErrors(string? clientId, SpidClientAuthentication authentication)
    {
        if (clientId is null)
        {
            yield break;
        }

        if (clientId.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            yield return "ClientId has white space or control characters: copy it again from SPiD self service.";
        }

        if (clientId.Contains(':', StringComparison.Ordinal) && authentication == SpidClientAuthentication.Basic)
        {
            yield return "ClientId has a colon, which Basic authentication cannot carry (RFC 7617 section 2): set ClientAuthentication to Body or BasicFormEncoded.";
        }
    }

    public static IEnumerable<string> FindSecretErrors(string option, string? secret)
    {
        if (secret is not null && secret.Any(char.IsControl))
        {
            yield return $"{option} has control characters, often a line end from a file: copy it again from SPiD self service.";
        }
        else if (secret is { Length: > 0 } && (char.IsWhiteSpace(secret[0]) || char.IsWhiteSpace(secret[^1])))
        {
            yield return $"{option} begins or ends with white space: copy it again from SPiD self service.";
        }
    }
}
