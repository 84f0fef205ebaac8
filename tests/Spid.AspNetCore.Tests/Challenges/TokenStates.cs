using System.Text.Json.Nodes;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>The states of tokens: what is wrong is wrong with what the caller brought.</summary>
internal static class TokenStates
{
    private static readonly Action<SpidBearerOptions> TakesUsers = options => options.AcceptUserTokens = options.Mode == ResourceServer.SpidVerificationMode.Auto;

    public static IEnumerable<TokenState> All() => [.. Headers(), .. Forms(), .. Times(), .. Classes(), .. Policies()];

    private static IEnumerable<TokenState> Headers() =>
    [
        TokenState.Sending("no Authorization") with { InAll = Outcome.Bare },
        TokenState.Sending("another scheme", "Basic dXNlcjpwYXNz") with { InAll = Outcome.Bare },
        TokenState.Sending("Bearer without a value", "Bearer") with { InAll = Outcome.Malformed },
        TokenState.Sending("letters that no token has", "Bearer a\"b") with { InAll = Outcome.Malformed },
        TokenState.Sending("16 385 letters", "Bearer " + new string('a', 16_385)) with { InAll = Outcome.Malformed },
        TokenState.Sending("16 384 letters", "Bearer " + new string('a', 16_384)) with { InAll = Outcome.NotAccepted },
        TokenState.Sending("two values", "Bearer a", "Bearer b") with { InAll = Outcome.TwoTokens },
        TokenState.With("also in the query", rig => rig.Sign()) with
        {
            Configure = options => options.QueryTokenPaths.Add("/messages"),
            Path = "/messages?access_token=a",
            InAll = Outcome.TwoTokens,
        },
        TokenState.With("good", rig => rig.Sign()) with { Remote = Outcome.LetIn.Asking(), Locally = Outcome.LetIn },
    ];

    private static IEnumerable<TokenState> Forms() =>
    [
        TokenState.With("opaque", _ => "0123456789abcdef") with { InAll = Outcome.NotAccepted },
        TokenState.With("opaque, and those are introspected", _ => "0123456789abcdef") with
        {
            Configure = options => options.IntrospectOpaqueTokens = true,
            Remote = Outcome.LetIn.Asking(),
            Auto = Outcome.LetIn.Asking(),
        },
        Asked("bad signature", rig => Tampered(rig.Sign()), Outcome.BadSignature),
        Asked("algorithm not allowed", rig => rig.Sign(editHeader: header => header["alg"] = "RS512"), Outcome.NotAccepted),
        TokenState.With("algorithm none", rig => rig.Sign(editHeader: header => header["alg"] = "none")) with { InAll = Outcome.NotAccepted },
        TokenState.With("crit", rig => rig.Sign(editHeader: header => header["crit"] = new JsonArray("exp"))) with { InAll = Outcome.NotAccepted },
        Asked("unknown key", rig => rig.Sign(editHeader: header => header["kid"] = "unknown"), Outcome.BadSignature),
        Asked("symmetric signature", rig => rig.SignForUser(), Outcome.NotAccepted),
        TokenState.With("bad signature, and SPiD calls it active", rig => Tampered(rig.Sign())) with { Remote = Outcome.LetIn.Asking(), Locally = Outcome.BadSignature },
        TokenState.With("symmetric signature, users are let in", rig => rig.SignForUser()) with
        {
            Configure = TakesUsers, Remote = Outcome.LetIn.Asking(), Local = Outcome.NotAccepted, Auto = Outcome.LetIn.Asking(),
        },
        TokenState.With("symmetric signature, users are let in, but this one is inactive", rig => rig.SignForUser()) with
        {
            Configure = TakesUsers, Arrange = Inactive, Remote = Outcome.NotActive, Local = Outcome.NotAccepted, Auto = Outcome.NotActive,
        },
    ];

    private static IEnumerable<TokenState> Times() =>
    [
        Said("expired", claims => claims["exp"] = Seconds(claims, -31), Outcome.Expired) with { Remote = Outcome.Expired },
        Said("expired within the skew", claims => claims["exp"] = Seconds(claims, -29), Outcome.LetIn),
        Said("without expiry", claims => claims.Remove("exp"), Outcome.Invalid("The token has no expiry, as if it had expired.")),
        Said("not before is ahead", claims => claims["nbf"] = Seconds(claims, 31), Outcome.Invalid("The token is not yet valid.")),
        Said("not before is ahead within the skew", claims => claims["nbf"] = Seconds(claims, 29), Outcome.LetIn),
    ];

    private static IEnumerable<TokenState> Classes()
    {
        Outcome another = Outcome.Invalid("The token is not an access token.");
        Outcome unproven = Outcome.Invalid("The token is bound to a proof that was not shown.");
        return
        [
            // What a token says against itself needs no call.
            Said("ID token", claims => claims["nonce"] = "n", another) with { Remote = another },
            Said("refresh token by class", claims => claims["class"] = "token.OAuthUserRefreshToken", another) with { Remote = another },
            Said("refresh token by type", claims => claims["type"] = "refresh", another) with { Remote = another },
            Said("refresh token by token_type", claims => claims["token_type"] = "refresh_token", another) with { Remote = another },
            Said("bound to a key", claims => claims["cnf"] = new JsonObject { ["jkt"] = "x" }, unproven),
            Said("bound to a certificate", claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = "x" }, unproven),
        ];
    }

    private static IEnumerable<TokenState> Policies() =>
    [
        Said("issuer differs", claims => claims["iss"] = "https://login.example.com", Outcome.WrongIssuer) with { Remote = Outcome.WrongIssuer },
        TokenState.With("issuer absent", rig => rig.Sign(claims => claims.Remove("iss"))) with
        {
            Arrange = Answering(claims => claims.Remove("iss")), Remote = Outcome.LetIn.Asking(), Locally = Outcome.WrongIssuer,
        },
        TokenState.With("issuer absent in SPiD's answer about a user", rig => rig.SignForUser()) with
        {
            Configure = TakesUsers, Arrange = Answering(claims => claims.Remove("iss")), Auto = Outcome.LetIn.Asking(),
        },
        Said("audience differs", claims => claims["aud"] = "https://sibling.example.com", Outcome.WrongAudience),
        Said("audience absent", claims => claims.Remove("aud"), Outcome.WrongAudience),
        Said("scope missing", claims => claims["scope"] = "read:messages", Outcome.ScopesMissing),
        Said("client not on the list", _ => { }, Outcome.NotAllowed) with { Configure = options => options.AllowedClients.Add("friend") },
        Said("user where only servers may call", claims => claims["sub"] = "a-user", Outcome.NotAllowed) with { Configure = options => options.ServerTokensOnly = true },
    ];

    /// <summary>SPiD is asked about it where it always is, and calls it inactive; elsewhere nobody needs to ask.</summary>
    private static TokenState Asked(string name, Func<PipelineRig, string> token, Outcome locally) =>
        TokenState.With(name, token) with { Arrange = Inactive, Remote = Outcome.NotActive, Locally = locally };

    /// <summary>The token and SPiD's answer say the same.</summary>
    private static TokenState Said(string name, Action<JsonObject> edit, Outcome outcome) =>
        TokenState.With(name, rig => rig.Sign(edit)) with { Arrange = Answering(edit), Remote = outcome.Asking(), Locally = outcome };

    private static Func<PipelineRig, Task> Answering(Action<JsonObject> edit) => rig =>
    {
        rig.AnswerActive(edit);
        return Task.CompletedTask;
    };

    private static Task Inactive(PipelineRig rig)
    {
        rig.Spid.AnswerIntrospection("""{"active":false}""");
        return Task.CompletedTask;
    }

    private static long Seconds(JsonObject claims, int fromNow) => (long)claims["iat"]! + fromNow;

    private static string Tampered(string token) => token[..^4] + (token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBA" : "AAAA");
}
