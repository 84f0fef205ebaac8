using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.AspNetCore;

/// <summary>Faults of authentication schemes and of their answers.</summary>
internal static class SchemeSeeds
{
    private const string Refusal = "src/Spid.AspNetCore/Challenges/Refusal.cs";
    private const string Tests = "Spid.AspNetCore.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("scheme/shared-verifier", "All schemes verify with the options of the first one.")
        {
            Edits = [new("src/Spid.AspNetCore/Authentication/SpidBearerSchemes.cs", "provider.GetRequiredKeyedService<ISpidTokenVerifier>(added)", "provider.GetRequiredService<ISpidTokenVerifier>()")],
            Detectors = [Detector.Tests(Tests, "SeveralSchemesTests", "SpidBearerSchemesTests")],
        },
        new("scheme/token-of-another", "A caller of one scheme is given the token that another scheme has accepted.")
        {
            Edits = [new("src/Spid.AspNetCore/Authentication/SpidBearerFeature.cs", "accepted => accepted.AuthenticationType == identity.AuthenticationType", "accepted => accepted.IsAuthenticated")],
            Detectors = [Detector.Tests(Tests, "SeveralSchemesTests", "SpidIdentityTests")],
        },
        new("scheme/unavailable-as-unauthorized", "A caller gets 401 and not 503 when SPiD is down, and asks SPiD for a new token.")
        {
            Edits = [new(Refusal, "{ Status: SpidVerificationStatus.Unavailable } => ForUnavailable(result),", "")],
            Detectors = [Detector.Tests(Tests, "OutageTests", "StatusTableTests")],
        },
        new("scheme/unavailable-overwritten", "The last of several schemes replaces the 503 of an earlier one.")
        {
            Edits = [new(Refusal, "if (response.StatusCode != StatusCodes.Status503ServiceUnavailable)", "if (response.StatusCode != StatusCodes.Status502BadGateway)")],
            Detectors = [Detector.Tests(Tests, "RefusalTests")],
        },
        new("scheme/second-token-ignored", "Of two tokens in one request the first is taken.")
        {
            Edits = [new("src/Spid.AspNetCore/Authentication/BearerHeader.cs", "                return new BearerHeader(BearerHeaderKind.Ambiguous, default);", "                return Read(value);")],
            Detectors = [Detector.Tests(Tests, "AuthorizationHeaderTests")],
        },
    ];
}
