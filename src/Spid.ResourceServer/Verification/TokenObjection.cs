using System.Globalization;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>What was expected of a token and what it says instead, for the log. Single claims, and never the token or its header.</summary>
/// <param name="Expected">What the options or the operation ask for.</param>
/// <param name="Found">What the token says.</param>
internal sealed record TokenObjection(string Expected, string Found)
{
    private const int MaximumLength = 256;

    /// <summary>Finds what a reason is about.</summary>
    public static TokenObjection Find(SpidVerificationReason reason, TokenClaims? claims, VerifierSettings settings, SpidTokenRequirements requirements, DateTimeOffset now) =>
        claims is null ? FindWithoutClaims(reason, settings) : reason switch
        {
            SpidVerificationReason.WrongIssuer => Of("issuer", settings.Issuers, [claims.Issuer ?? ""]),
            SpidVerificationReason.WrongAudience => Of("audience", settings.Audiences, claims.Audiences),
            SpidVerificationReason.ClientNotAllowed => Of("client", settings.AllowedClients, [claims.ClientId ?? claims.AuthorizedParty ?? ""]),
            SpidVerificationReason.MissingScope => Of("scope", requirements.RequiredScopes, claims.Scopes),
            SpidVerificationReason.Expired => new($"exp later than {Text(now - settings.ClockSkew)}", Text(claims.ExpiresAt)),
            SpidVerificationReason.NotYetValid => new($"nbf no later than {Text(now + settings.ClockSkew)}", Text(claims.NotBefore)),
            SpidVerificationReason.NoExpiry => new("exp", "none"),
            SpidVerificationReason.UserToken => new("a token of a client", "one of a user"),
            SpidVerificationReason.NotAnAccessToken => new("an access token", "one of another class"),
            SpidVerificationReason.ProofMissing => new("the certificate that the token is bound to", requirements.ClientCertificate is null ? "none" : "another one, or a binding of another kind"),
            _ => FindWithoutClaims(reason, settings),
        };

    /// <summary>Nothing that such a token says is certain, so nothing of it is quoted.</summary>
    private static TokenObjection FindWithoutClaims(SpidVerificationReason reason, VerifierSettings settings) => reason switch
    {
        SpidVerificationReason.MalformedToken => new("the characters and the length of a bearer token", "others"),
        SpidVerificationReason.OpaqueToken => new("a JWT", "a text of another form"),
        SpidVerificationReason.UnsupportedHeader => new("a header without extensions", "another one"),
        SpidVerificationReason.UnsupportedAlgorithm => Of("algorithm", settings.Algorithms, ["another one"]),
        SpidVerificationReason.UnknownKey => new("a key id of the key set", "another one"),
        SpidVerificationReason.BadSignature => new("the signature of the key that the token names", "another one"),
        SpidVerificationReason.NotActive => new("a token that SPiD calls active", "one that it calls inactive"),
        SpidVerificationReason.Expired or SpidVerificationReason.NotYetValid => new("a token of this time", "one of another time"),
        _ => new("a token that can be verified", "one that cannot"),
    };

    private static TokenObjection Of(string name, IEnumerable<string> expected, IEnumerable<string> found) =>
        new($"{name} {Text(expected)}", Text(found));

    private static string Text(DateTimeOffset? time) => time is { } known ? known.ToString("u", CultureInfo.InvariantCulture) : "none";

    /// <summary>Lists values on one line: what a token says may have line breaks in it, and any length.</summary>
    private static string Text(IEnumerable<string> values)
    {
        string text = string.Join(' ', values.Order(StringComparer.Ordinal));
        string line = new([.. text.Take(MaximumLength).Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? '?' : letter)]);
        return line.Length == 0 ? "none" : text.Length > MaximumLength ? line + "..." : line;
    }
}
