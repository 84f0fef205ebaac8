using System.Net;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>The states of SPiD: the caller's token is good, and what fails is not the caller's fault.</summary>
internal static class SpidStates
{
    /// <summary>The wait for an answer that concerns one token: for as long as a refusal of it would be remembered.</summary>
    private const int OfTheToken = 10;

    private static readonly Outcome Later = Outcome.Unavailable(5);

    public static IEnumerable<TokenState> All() => [.. Introspections(), .. Keys(), .. Remembered()];

    private static IEnumerable<TokenState> Introspections() =>
    [
        Failing("does not answer in time", (rig, cancellationToken) =>
        {
            rig.Time.Advance(TimeSpan.FromSeconds(30));
            return StubSpid.NeverAsync(cancellationToken);
        }),
        Failing("answers 500", (_, _) => Status(500)),
        Failing("answers 503 and when to come back", (_, _) => Status(503, "17"), 17),
        Failing("answers 429 and when to come back", (_, _) => Status(429, "17"), 17),
        Failing("answers 429", (_, _) => Status(429)),
        Failing("answers 420", (_, _) => Status(420)),
        Failing("cannot be reached", (_, _) => throw new HttpRequestException("refused", new System.Net.Sockets.SocketException(111))),
        Failing("answers no JSON", (_, _) => Task.FromResult(StubSpid.Json("{\"active\":")), OfTheToken),
        Failing("answers HTML", (_, _) => Task.FromResult(StubSpid.Text("<html></html>", "text/html")), OfTheToken),
        Failing("answers active in a wrong type", (_, _) => Task.FromResult(StubSpid.Json("""{"active":"true"}""")), OfTheToken),
        Failing("answers without active", (_, _) => Task.FromResult(StubSpid.Json("{}")), OfTheToken),
        Failing("answers exp in a wrong type", (_, _) => Task.FromResult(StubSpid.Json("""{"active":true,"exp":"soon"}""")), OfTheToken),
        Failing("answers 400", (_, _) => Status(400), OfTheToken),
        Failing("answers 404", (_, _) => Status(404), OfTheToken),
        Failing("answers 403 to every token", (_, _) => Status(403), OfTheToken, calls: 2),
        Failing("refuses the credentials with 400", (_, _) => Task.FromResult(StubSpid.Json("""{"error":"invalid_client"}""", HttpStatusCode.BadRequest))),
        Failing("refuses the credentials with 401", (_, _) => Task.FromResult(StubSpid.Json("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized))),
        Failing("refuses the credentials with 403", (_, _) => Task.FromResult(StubSpid.Json("""{"error":"invalid_client"}""", HttpStatusCode.Forbidden))),
        Good("introspection is down, the signature will do") with { Arrange = IntrospectionDown, Remote = Later.Asking(), Locally = Outcome.LetIn },
    ];

    private static IEnumerable<TokenState> Keys() =>
    [
        Good("key set never loaded") with { Arrange = KeysDown, Remote = Outcome.LetIn.Asking(), Local = Outcome.Unavailable(1), Auto = Outcome.LetIn.Asking() },
        Good("key set never loaded, introspection down") with
        {
            Arrange = async rig =>
            {
                await KeysDown(rig);
                await IntrospectionDown(rig);
            },
            Remote = Later.Asking(),
            Local = Outcome.Unavailable(1),
            Auto = Later.Asking(),
        },
        Good("key set never loaded, no credentials") with
        {
            Configure = options => (options.ClientId, options.ClientSecret) = (null, null), Arrange = KeysDown, Auto = Outcome.Unavailable(1),
        },
        Good("key set 23 hours old") with
        {
            Arrange = async rig =>
            {
                await rig.GetAsync(rig.Sign());
                await KeysDown(rig);
                rig.Time.Advance(TimeSpan.FromHours(23));
                rig.AnswerActive();
            },
            Locally = Outcome.LetIn,
        },
        Good("key set too old") with
        {
            Arrange = async rig =>
            {
                await rig.GetAsync(rig.Sign());
                await KeysDown(rig);
                rig.Time.Advance(TimeSpan.FromHours(24));
                rig.AnswerActive();
            },
            Local = Outcome.Unavailable(1),
            Auto = Outcome.LetIn.Asking(),
        },
    ];

    private static IEnumerable<TokenState> Remembered() =>
    [
        Remembered("remembered, then SPiD goes down", 40, Outcome.LetIn, Outcome.LetIn),
        Remembered("no longer remembered, SPiD down", 61, Later.Asking(), Outcome.LetIn),
        Remembered("no longer fresh, SPiD down, stale ones serve", 90, Outcome.LetIn.Asking(), Outcome.LetIn) with { Configure = options => options.Cache.StaleIfError = TimeSpan.FromMinutes(1) },
        Remembered("stale ones no longer serve", 121, Later.Asking(), Outcome.LetIn) with { Configure = options => options.Cache.StaleIfError = TimeSpan.FromMinutes(1) },
    ];

    /// <summary>One token for both requests, the second some seconds after the first, when introspection is down.</summary>
    private static TokenState Remembered(string name, int seconds, Outcome remotely, Outcome locally)
    {
        return TokenState.With(name, rig => TokenOf(rig)) with
        {
            Arrange = async rig =>
            {
                await rig.GetAsync(TokenOf(rig));
                await IntrospectionDown(rig);
                rig.Time.Advance(TimeSpan.FromSeconds(seconds));
            },
            Remote = remotely,
            Locally = locally,
        };

        // Signed anew it is the same: RS256 draws no lots.
        static string TokenOf(PipelineRig rig) => rig.Sign(claims =>
        {
            long start = rig.StartedAt.ToUnixTimeSeconds();
            (claims["iat"], claims["exp"], claims["jti"]) = (start, start + 900, "remembered");
        });
    }

    private static TokenState Good(string name) => TokenState.With(name, rig => rig.Sign());

    /// <summary>Needs an introspection in both modes that make one: a user's token, and users are let in.</summary>
    private static TokenState Failing(string name, Func<PipelineRig, CancellationToken, Task<HttpResponseMessage>> answer, int retryAfter = 5, int calls = 1) =>
        TokenState.With($"introspection {name}", rig => rig.SignForUser()) with
        {
            Configure = options => options.AcceptUserTokens = options.Mode == SpidVerificationMode.Auto,
            Arrange = rig =>
            {
                rig.Spid.Introspect = (_, cancellationToken) => answer(rig, cancellationToken);
                return Task.CompletedTask;
            },
            Remote = Outcome.Unavailable(retryAfter).Asking(calls),
            Auto = Outcome.Unavailable(retryAfter).Asking(calls),
        };

    private static Task KeysDown(PipelineRig rig)
    {
        rig.Spid.Keys = _ => Status(500);
        return Task.CompletedTask;
    }

    private static Task IntrospectionDown(PipelineRig rig)
    {
        rig.Spid.Introspect = (_, _) => Status(500);
        return Task.CompletedTask;
    }

    private static Task<HttpResponseMessage> Status(int status, string? retryAfter = null)
    {
        HttpResponseMessage response = StubSpid.Status((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter is null ? [] : [retryAfter]);
        return Task.FromResult(response);
    }
}
