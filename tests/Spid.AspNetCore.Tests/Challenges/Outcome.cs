using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>The answers under both mappings, and the introspection calls that the request causes.</summary>
internal sealed record Outcome(Answer Spid, Answer Rfc6750, int Calls = 0)
{
    public static Outcome LetIn { get; } = Both(Answer.LetIn);

    public static Outcome Bare { get; } = Both(Answer.Bare(401));

    public static Outcome NotAllowed { get; } = Both(Answer.Bare(403));

    public static Outcome Malformed { get; } = new(
        Answer.Refused(401, "invalid_token", "The token is malformed."), Answer.Refused(400, "invalid_request", "The token is malformed."));

    public static Outcome TwoTokens { get; } = new(
        Answer.Refused(401, "invalid_request", "The request brings more than one token."), Answer.Refused(400, "invalid_request", "The request brings more than one token."));

    public static Outcome NotActive { get; } = Invalid("The token is not active.") with { Calls = 1 };

    public static Outcome Expired { get; } = Invalid("The token has expired.");

    public static Outcome NotAccepted { get; } = Invalid("The token is not accepted.");

    public static Outcome BadSignature { get; } = Invalid("The signature of the token is not valid.");

    public static Outcome WrongIssuer { get; } = Elsewhere("The issuer of the token is not accepted here.");

    public static Outcome WrongAudience { get; } = Elsewhere("The audience of the token is another service.");

    public static Outcome ScopesMissing { get; } = Both(Answer.Refused(403, "insufficient_scope", "The token lacks a scope.", "read:messages write:messages"));

    public static Outcome Invalid(string description) => Both(Answer.Refused(401, "invalid_token", description));

    public static Outcome Unavailable(int retryAfter) => Both(Answer.Unavailable(retryAfter));

    public Outcome Asking(int calls = 1) => this with { Calls = calls };

    private static Outcome Elsewhere(string description) =>
        new(Answer.Refused(403, "invalid_token", description), Answer.Refused(401, "invalid_token", description));

    private static Outcome Both(Answer answer) => new(answer, answer);
}
