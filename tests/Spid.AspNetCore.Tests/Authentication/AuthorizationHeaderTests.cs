using System.Net;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>S2: what a request may bring as a token, to the letter, as SPiD answers it and as RFC 6750 does. GOOD stands for a good token.</summary>
internal sealed class AuthorizationHeaderTests
{
    private const string Ok = "200, 200";
    private const string None = "401, 401";
    private const string NoJwt = "401 invalid_token, 401 invalid_token";
    private const string Malformed = "401 invalid_token, 400 invalid_request";
    private const string Ambiguous = "401 invalid_request, 400 invalid_request";

    private static readonly string[] BadLetters =
        ["\"", "\\", ",", ";", ":", "@", "(", ")", "<", ">", "[", "]", "{", "}", "?", "!", "#", "$", "%", "&", "'", "*", "^", "`", "|", "ä", "€", "\u007f"];

    public static IEnumerable<TestCaseData> Headers() =>
    [
        Case(1, None),
        Case(1, None, ""),
        Case(2, None, "Basic dXNlcjpwYXNz"),
        Case(2, None, "Basic"),
        Case(2, None, "Digest username=\"x\""),
        Case(2, None, "Negotiate abc"),
        Case(2, None, "DPoP GOOD"),
        Case(2, None, "Bearer2 GOOD"),
        Case(2, None, "Bearers GOOD"),
        Case(2, None, "GOOD"),
        Case(2, None, "Token GOOD"),
        Case(2, None, "XBearer GOOD"),
        Case(2, None, "Bear er GOOD"),
        Case(2, None, "BearerGOOD"),
        Case(2, None, "Bearer_GOOD"),
        Case(3, Ok, "bearer GOOD"),
        Case(3, Ok, "BEARER GOOD"),
        Case(3, Ok, "bEaReR GOOD"),
        Case(3, Ok, "Bearer GOOD"),
        Case(4, Malformed, "Bearer"),
        Case(4, Malformed, "Bearer "),
        Case(4, Malformed, "bearer"),
        Case(4, Malformed, "Bearer      "),
        Case(5, Ok, "Bearer  GOOD"),
        Case(5, Ok, "Bearer      GOOD"),
        Case(6, Malformed, "Bearer\tGOOD"),
        Case(6, Malformed, "Bearer \tGOOD"),
        Case(6, Malformed, "Bearer GOOD\tx"),
        Case(7, Malformed, "Bearer GOOD, Basic dXNlcjpwYXNz"),
        Case(7, Malformed, "Bearer GOOD,"),
        Case(7, Malformed, "Bearer ,GOOD"),
        Case(7, Malformed, "Bearer GOOD GOOD"),
        Case(7, Malformed, "Bearer GOOD Bearer GOOD"),
        Case(7, Malformed, "Bearer=GOOD"),
        Case(7, Malformed, "Bearer: GOOD"),
        Case(7, Malformed, "Bearer token=GOOD"),
        Case(7, Malformed, "Bearer \"GOOD\""),
        Case(8, Ambiguous, "Bearer GOOD", "Bearer GOOD"),
        Case(8, Ambiguous, "Bearer GOOD", "Basic dXNlcjpwYXNz"),
        Case(8, Ambiguous, "Basic dXNlcjpwYXNz", "Bearer GOOD"),
        Case(8, Ambiguous, "Bearer", "Bearer GOOD"),
        Case(8, None, "Basic dXNlcjpwYXNz", "Basic dXNlcjpwYXNz"),
        Case(9, NoJwt, "Bearer " + new string('a', 16_384)),
        Case(9, Malformed, "Bearer " + new string('a', 16_385)),
        Case(9, NoJwt, "Bearer a"),
        Case(12, Malformed, "Bearer ab=cd"),
        Case(12, Malformed, "Bearer ="),
        Case(12, Malformed, "Bearer ===="),
        Case(12, NoJwt, "Bearer GOOD="),
        Case(12, Malformed, "Bearer =GOOD"),
        Case(13, NoJwt, "Bearer a.b"),
        Case(14, NoJwt, "Bearer a.b.c.d"),
        Case(15, NoJwt, "Bearer a.b.c.d.e"),
        Case(16, NoJwt, "Bearer a..c"),
        Case(16, NoJwt, "Bearer ..."),
        Case(16, NoJwt, "Bearer ."),
        .. BadLetters.Select(letter => Case(letter is "ä" or "€" ? 10 : 11, Malformed, $"Bearer GOOD{letter}x")),
    ];

    [TestCaseSource(nameof(Headers))]
    public async Task Request_Header_IsReadSo(string expected, string[] headers)
    {
        string spid = await AskAsync(SpidFailureMapping.Spid, headers);
        string rfc = await AskAsync(SpidFailureMapping.Rfc6750, headers);

        Assert.That($"{spid}, {rfc}", Is.EqualTo(expected));
    }

    [Test(Description = "S2: each of them has its exact outcome")]
    public void Headers_InTheList_AreEightyAtLeast() => Assert.That(Headers().Count(), Is.GreaterThanOrEqualTo(80));

    [Test(Description = "Edge case 20: off")]
    public async Task Request_TokenInQueryWhileOff_IsNotLookedAt()
    {
        await using ApiRig rig = await ApiRig.StartAsync();

        using HttpResponseMessage query = await rig.GetAsync(null, $"/messages?access_token={rig.Issue()}");
        using HttpResponseMessage both = await rig.GetAsync(rig.Issue(), "/messages?access_token=x");

        Assert.That((query.StatusCode, both.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
        Assert.That(query.Headers.WwwAuthenticate.ToString(), Does.Not.Contain("error"));
    }

    [Test(Description = "Edge case 20: on, and with a header beside it")]
    public async Task Request_TokenInQueryWhileOn_IsAcceptedOnGetBelowThePathAndOnlyAlone()
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.QueryTokenPaths.Add("/messages"));
        string token = rig.Issue(spec => spec.Scope = "read:messages write:messages");

        using HttpResponseMessage query = await rig.GetAsync(null, $"/messages?access_token={token}");
        using HttpResponseMessage both = await rig.GetAsync(token, $"/messages?access_token={token}");
        using HttpResponseMessage twice = await rig.GetAsync(null, $"/messages?access_token={token}&access_token={token}");
        using HttpResponseMessage post = await rig.SendAsync(HttpMethod.Post, null, $"/messages?access_token={token}");
        using HttpResponseMessage header = await rig.GetAsync(token);
        using HttpResponseMessage open = await rig.GetAsync(null, $"/open?access_token={token}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((query.StatusCode, query.Headers.CacheControl?.NoStore), Is.EqualTo((HttpStatusCode.OK, true)));
            Assert.That(both.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_request"));
            Assert.That(twice.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_request"));
            Assert.That(post.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(header.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await open.Content.ReadAsStringAsync(), Is.EqualTo("nobody"));
        }
    }

    [Test]
    public async Task Request_TokenInForm_IsNotLookedAt()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        using var form = new FormUrlEncodedContent([new("access_token", rig.Issue(spec => spec.Scope = "write:messages"))]);

        using HttpResponseMessage response = await rig.Client.PostAsync("/messages", form);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private static async Task<string> AskAsync(SpidFailureMapping mapping, string[] headers)
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.FailureMapping = mapping);
        string good = rig.Issue();
        HttpContext context = await rig.Server.SendAsync(http =>
        {
            http.Request.Path = "/messages";
            http.Request.Headers.Authorization = headers.Select(header => header.Replace("GOOD", good, StringComparison.Ordinal)).ToArray();
        });

        string challenge = context.Response.Headers.WWWAuthenticate.ToString();
        string error = challenge.Contains("error=\"", StringComparison.Ordinal) ? " " + challenge.Split("error=\"")[1].Split('"')[0] : "";
        return $"{context.Response.StatusCode}{error}";
    }

    private static TestCaseData Case(int number, string expected, params string[] headers) =>
        new TestCaseData(expected, headers)
            .SetArgDisplayNames(expected, headers.Length == 0 ? "(none)" : string.Join(" + ", headers.Select(header => header.Length > 60 ? $"{header.Length} characters" : header.Replace("\t", "TAB", StringComparison.Ordinal))))
            .SetDescription($"Edge case {number}");
}
