using Spid.ResourceServer;

namespace Spid.AspNetCore.Challenges;

/// <summary>The texts of <c>error_description</c>. Fixed, so that neither a token nor a language can put anything else into a header.</summary>
internal static class Descriptions
{
    public static string Of(SpidVerificationReason reason) => reason switch
    {
        SpidVerificationReason.MalformedToken => "The token is malformed.",
        SpidVerificationReason.NotActive => "The token is not active.",
        SpidVerificationReason.Expired => "The token has expired.",
        SpidVerificationReason.NotYetValid => "The token is not yet valid.",
        SpidVerificationReason.NoExpiry => "The token has no expiry, as if it had expired.",
        SpidVerificationReason.NotAnAccessToken => "The token is not an access token.",
        SpidVerificationReason.ProofMissing => "The token is bound to a proof that was not shown.",
        SpidVerificationReason.WrongIssuer => "The issuer of the token is not accepted here.",
        SpidVerificationReason.WrongAudience => "The audience of the token is another service.",
        SpidVerificationReason.UnknownKey or SpidVerificationReason.BadSignature => "The signature of the token is not valid.",
        _ => "The token is not accepted.",
    };
}
