using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>Decides from facts whether a token is let in. Runs for every request, found or remembered, and changes nothing.</summary>
internal sealed class Judgement(VerifierSettings settings)
{
    public SpidVerificationResult Judge(TokenFacts facts, bool fromCache, SpidTokenRequirements requirements, DateTimeOffset now)
    {
        SpidVerificationReason objection = FindObjection(facts, requirements, now);
        return objection == SpidVerificationReason.None ? facts.Accepted(fromCache) : Refuse(objection);
    }

    /// <summary>Refuses a token: what a new token could mend is rejected (401), the rest is forbidden (403).</summary>
    public static SpidVerificationResult Refuse(SpidVerificationReason objection) => objection switch
    {
        SpidVerificationReason.WrongIssuer or SpidVerificationReason.WrongAudience or SpidVerificationReason.ClientNotAllowed
            or SpidVerificationReason.UserToken or SpidVerificationReason.MissingScope => SpidVerificationResult.Forbidden(objection),
        _ => SpidVerificationResult.Rejected(objection),
    };

    /// <summary>RFC 7519 section 4.1.4: not accepted on or after the expiry. One that is not known has not passed.</summary>
    public bool IsExpired(DateTimeOffset? expiry, DateTimeOffset now) => now - expiry >= settings.ClockSkew;

    public bool AcceptsIssuer(string? issuer, bool mayBeAbsent) => issuer is null ? mayBeAbsent : IsAccepted(issuer);

    /// <summary>Finds what is wrong with the token itself, independent of the request: its times and its class.</summary>
    public SpidVerificationReason FindFault(TokenFacts facts, DateTimeOffset now)
    {
        TokenClaims claims = facts.Claims;
        DateTimeOffset serverTime = now + facts.ClockOffset;
        if (!claims.IsAccessToken)
        {
            return SpidVerificationReason.NotAnAccessToken;
        }

        if (IsExpired(claims.ExpiresAt, serverTime))
        {
            return SpidVerificationReason.Expired;
        }

        // RFC 7519 section 4.1.6: the time of issue informs and is no condition.
        return claims.NotBefore - serverTime > settings.ClockSkew ? SpidVerificationReason.NotYetValid : SpidVerificationReason.None;
    }

    private static bool IsProven(TokenBinding binding, X509Certificate2? certificate)
    {
        if (!binding.IsBound)
        {
            return true;
        }

        if (binding.CertificateThumbprint is null || certificate is null)
        {
            return false;
        }

        // RFC 8705 section 3.1: the SHA-256 thumbprint in base64url.
        string thumbprint = Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(thumbprint), Encoding.UTF8.GetBytes(binding.CertificateThumbprint));
    }

    /// <summary>Finds the first thing that speaks against a token, or <see cref="SpidVerificationReason.None"/>.</summary>
    private SpidVerificationReason FindObjection(TokenFacts facts, SpidTokenRequirements requirements, DateTimeOffset now)
    {
        SpidVerificationReason objection = FindFault(facts, now);
        if (objection == SpidVerificationReason.None && !IsProven(facts.Binding, requirements.ClientCertificate))
        {
            objection = SpidVerificationReason.ProofMissing;
        }

        return objection == SpidVerificationReason.None ? FindPolicyObjection(facts, requirements) : objection;
    }

    private SpidVerificationReason FindPolicyObjection(TokenFacts facts, SpidTokenRequirements requirements)
    {
        TokenClaims claims = facts.Claims;
        // SPiD's own answer need not state the issuer, for the endpoint belongs to one. A signature alone does not say so much.
        if (!AcceptsIssuer(claims.Issuer, mayBeAbsent: facts.Key is null))
        {
            return SpidVerificationReason.WrongIssuer;
        }

        if (settings.ChecksAudience && !IsForThisService(claims.Audiences))
        {
            return SpidVerificationReason.WrongAudience;
        }

        if (settings.AllowedClients.Count > 0 && !((claims.ClientId ?? claims.AuthorizedParty) is { } client && settings.AllowedClients.Contains(client)))
        {
            return SpidVerificationReason.ClientNotAllowed;
        }

        if (settings.ServerTokensOnly && facts.IsUserToken)
        {
            return SpidVerificationReason.UserToken;
        }

        foreach (string scope in requirements.RequiredScopes)
        {
            if (!claims.Scopes.Contains(scope))
            {
                return SpidVerificationReason.MissingScope;
            }
        }

        return SpidVerificationReason.None;
    }

    private bool IsAccepted(string issuer)
    {
        foreach (string accepted in settings.Issuers)
        {
            if (SlashTolerant.AreEqual(issuer, accepted))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsForThisService(string[] audiences)
    {
        foreach (string audience in audiences)
        {
            foreach (string accepted in settings.Audiences)
            {
                if (SlashTolerant.AreEqual(audience, accepted))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
