using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>Chooses for each token who verifies it, from its form alone. Made-up tokens must not cause calls to SPiD.</summary>
internal sealed class Router(VerifierSettings settings)
{
    private const int MaximumKeyId = 256;

    public (Route Route, SpidVerificationReason Refusal) Choose(ReadOnlySpan<char> token, CompactToken? compact)
    {
        if (compact is null)
        {
            return ChooseForOpaque(token);
        }

        // What a JWT says of itself counts against it in each mode. SPiD may not look at the header as closely, and need not be asked.
        JoseHeader header = compact.Header;
        if (!header.IsSupported)
        {
            return Refuse(SpidVerificationReason.UnsupportedHeader);
        }

        if (header.IsUnsecured)
        {
            return Refuse(SpidVerificationReason.UnsupportedAlgorithm);
        }

        if (!compact.HasSignature)
        {
            return Refuse(SpidVerificationReason.BadSignature);
        }

        if (settings.Mode == SpidVerificationMode.Remote)
        {
            // Which keys and algorithms are good is for SPiD to know.
            return header.IsOfAccessTokenType ? Remote : Refuse(SpidVerificationReason.NotAnAccessToken);
        }

        bool isSymmetric = header.Algorithm is "HS256" or "HS384" or "HS512";
        if (!isSymmetric && !settings.Algorithms.Contains(header.Algorithm))
        {
            return Refuse(SpidVerificationReason.UnsupportedAlgorithm);
        }

        if (!header.IsOfAccessTokenType)
        {
            return Refuse(SpidVerificationReason.NotAnAccessToken);
        }

        if (isSymmetric || string.IsNullOrEmpty(header.KeyId))
        {
            return settings is { Mode: SpidVerificationMode.Auto, AcceptUserTokens: true, CanIntrospect: true }
                ? Remote
                : Refuse(SpidVerificationReason.NotVerifiableLocally);
        }

        return header.KeyId.Length > MaximumKeyId ? Refuse(SpidVerificationReason.UnknownKey) : (Route.Local, SpidVerificationReason.None);
    }

    private static (Route Route, SpidVerificationReason Refusal) Remote => (Route.Remote, SpidVerificationReason.None);

    private static (Route Route, SpidVerificationReason Refusal) Refuse(SpidVerificationReason reason) => (Route.Refuse, reason);

    private (Route Route, SpidVerificationReason Refusal) ChooseForOpaque(ReadOnlySpan<char> token)
    {
        if (settings is { LookUpOpaqueTokens: true, CanIntrospect: true } && LookUpAddress.Takes(token))
        {
            return (Route.LookUp, SpidVerificationReason.None);
        }

        // Three parts are a JWT (RFC 7515 section 3.1), however they are spelled. A server that reads leniently would know it, and what it says of itself
        // would not count against it here.
        if (settings is { IntrospectOpaqueTokens: true, CanIntrospect: true } && token.Count('.') != 2)
        {
            // Encrypted tokens too: this service cannot read them, and its authorization server can.
            return Remote;
        }

        return Refuse(CompactToken.IsEncrypted(token) ? SpidVerificationReason.UnsupportedHeader : SpidVerificationReason.OpaqueToken);
    }
}
