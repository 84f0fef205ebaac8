using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of the rules that a token has to meet.</summary>
internal static class PolicySeeds
{
    private const string Judgement = "src/Spid.ResourceServer/Verification/Judgement.cs";
    private const string Router = "src/Spid.ResourceServer/Verification/Router.cs";
    private const string Header = "src/Spid.ResourceServer/Verification/JoseHeader.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("policy/any-rs-algorithm", "A token is accepted with every RSA algorithm, whichever are configured.")
        {
            Edits = [new(Router, "!settings.Algorithms.Contains(header.Algorithm)", "!header.Algorithm.StartsWith(\"RS\", StringComparison.Ordinal)")],
            Detectors = [Detector.Tests(Tests, "RouterTests", "HostileTokenTests", "SpidTokenVerifierTests")],
        },
        new("policy/key-algorithm", "A token is accepted with another algorithm than the key set allows for its key.")
        {
            Edits = [new("src/Spid.ResourceServer/Keys/SigningKey.cs", "if (Algorithm is not null && Algorithm != tokenAlgorithm)", "if (Algorithm is not null && Algorithm.Length == 0)")],
            Detectors = [Detector.Tests(Tests, "SigningKeyTests")],
        },
        new("policy/critical-header", "A token is accepted although it has a critical header that is not understood.")
        {
            Edits = [new(Header, "!header.TryGetProperty(\"crit\"u8, out _)\n        && ", "")],
            Detectors = [Detector.Tests(Tests, "JoseHeaderTests", "HostileTokenTests")],
        },
        new("policy/any-type", "A JWT of another type than an access token is accepted.")
        {
            Edits = [new(Router, "if (!header.IsOfAccessTokenType)", "if (!header.IsOfAccessTokenType && header.KeyId is null)")],
            Detectors = [Detector.Tests(Tests, "HostileTokenTests")],
        },
        new("policy/expiry-inclusive", "A token is accepted at the very moment of its expiry.")
        {
            Edits = [new(Judgement, "now - expiry >= settings.ClockSkew", "now - expiry > settings.ClockSkew")],
            Detectors = [Detector.Tests(Tests, "JudgementTests", "FactsCacheTests")],
        },
        new("policy/free-checks-skipped", "A token of another issuer costs a fetch of keys or a call.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/SpidTokenVerifier.cs", "is not SpidVerificationReason.None and var fault)", "is SpidVerificationReason.MalformedClaims and var fault)")],
            Detectors = [Detector.Tests("Spid.ResourceServer.Tests", "UnverifiedCheckTests")],
        },
        new("policy/clock-of-spid-ignored", "The expiry is compared with the clock of this machine, although SPiD's answer tells its own.")
        {
            Edits = [new(Judgement, "DateTimeOffset serverTime = now + facts.ClockOffset;", "DateTimeOffset serverTime = now;")],
            Detectors = [Detector.Tests(Tests, "IntrospectionAnswerTests")],
        },
        new("policy/issuer-prefix", "An issuer that begins like an accepted one is accepted.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/SlashTolerant.cs", "Trim(one).SequenceEqual(Trim(other))", "Trim(one).StartsWith(Trim(other))")],
            Detectors = [Detector.Tests(Tests, "HostileTokenTests", "JudgementTests", "SpidTokenVerifierTests")],
        },
        new("policy/proof-of-nothing", "A token that is bound to a certificate is accepted without one.")
        {
            Edits = [new(Judgement, "if (binding.CertificateThumbprint is null || certificate is null)\n        {\n            return false;", "if (binding.CertificateThumbprint is null || certificate is null)\n        {\n            return certificate is null;")],
            Detectors = [Detector.Tests(Tests, "CertificateBindingTests", "HostileTokenTests")],
        },
        new("policy/active-as-text", "A token is accepted when the answer calls it active in another form than a JSON boolean.")
        {
            Edits = [new("src/Spid.ResourceServer/Introspection/IntrospectionAnswer.cs", "case JsonValueKind.True:", "case JsonValueKind.True or JsonValueKind.String or JsonValueKind.Number:")],
            Detectors = [Detector.Tests(Tests, "IntrospectionAnswerTests")],
        },
        new("policy/silent-answer-hides-a-user", "Where only servers may call, an answer that names no subject lets a user's token in.")
        {
            Edits = [new("src/Spid.ResourceServer/Claims/OwnClaims.cs", "answer.IsUserToken || (answer.Subject is null &&", "answer.IsUserToken || (answer.Subject is { Length: 0 } &&")],
            Detectors = [Detector.Tests(Tests, "IntrospectionAnswerTests")],
        },
        new("policy/any-scope", "One of several required scopes is enough.")
        {
            Edits = [new(Judgement, "if (!claims.Scopes.Contains(scope))", "if (!claims.Scopes.Overlaps(requirements.RequiredScopes))"), new(Judgement, "foreach (string scope in requirements.RequiredScopes)", "foreach (string _ in requirements.RequiredScopes)")],
            Detectors = [Detector.Tests(Tests, "SpidTokenVerifierTests", "JudgementTests", "IntrospectionAnswerTests"), Detector.Tests("Spid.AspNetCore.Tests", "RequireSpidScopeTests", "ScopePolicyTests")],
        },
    ];
}
