using System.Net;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

/// <content>Which answers of the token endpoint may mean that it refuses the secret.</content>
internal sealed partial class TokenClientTests
{
    private static readonly string[] OtherMeanings =
    [
        "invalid_scope", "invalid_target", "invalid_grant", "invalid_request", "unsupported_grant_type", "access_denied", "insufficient_scope",
    ];

    /// <summary>Gets status, media type and body of answers after which the other secret is tried.</summary>
    public static IEnumerable<TestCaseData> Refusals() =>
    [
        Refusal(401, null, ""),
        Refusal(401, "text/html", "<html><h1>401 Authorization Required</h1></html>"),
        Refusal(401, "application/json", "{}"),
        Refusal(401, "application/json", "[]"),
        Refusal(401, "application/json", """{"error":"a_code_of_tomorrow"}"""),
        Refusal(401, "application/json", """{"error":{"code":401,"type":"ApiException"}}"""),
        Refusal(401, "application/json", """{"error":"invalid_client"}"""),
        Refusal(401, "application/json", """{"error":"access_denied"}"""),
        Refusal(401, "application/json", """{"error":"invalid_grant"}"""),
        Refusal(401, "application/json", """{"error":"invalid_scope"}"""),
        Refusal(400, null, ""),
        Refusal(400, "text/plain", "Bad Request"),
        Refusal(400, "application/json", """{"error":"a_code_of_tomorrow"}"""),
        Refusal(400, "application/json", """{"error":"invalid_client_credentials"}"""),
        Refusal(403, null, ""),
        Refusal(403, "text/html", "<html>Forbidden</html>"),
        Refusal(403, "application/json", """{"error":"unauthorized_client"}"""),
        Refusal(500, "application/json", """{"error":"invalid_client"}"""),
    ];

    /// <summary>Gets answers that say something else, whatever the secret is.</summary>
    public static IEnumerable<TestCaseData> OtherAnswers() =>
    [
        .. OtherMeanings.SelectMany(code => new[] { 400, 403 }.Select(status => Refusal(status, "application/json", $$"""{"error":"{{code}}"}"""))),
        Refusal(401, "application/json", """{"error":"too_many_requests"}"""),
        Refusal(401, "application/json", """{"error":"temporarily_unavailable"}"""),
        Refusal(302, null, ""),
        Refusal(404, null, ""),
        Refusal(405, null, ""),
        Refusal(407, null, ""),
        Refusal(429, null, ""),
        Refusal(500, null, ""),
        Refusal(503, "text/html", "<html>Service Unavailable</html>"),
    ];

    [TestCaseSource(nameof(Refusals))]
    [Test(Description = "A35: glewlwyd refuses a wrong secret with an empty 403, others with a bare 401 or a page of a proxy")]
    public async Task GetTokenAsync_AnswerThatMayRefuseTheSecret_TriesTheOtherSecretOnceAndKeepsIt(int status, string? mediaType, string body, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.SecondaryClientSecret = "second");
        client.Spid.AnswerWith(number => client.Spid.Authorizations.Last() == BasicValue("second") ? StubSpid.Token($"token-{number}") : Answer(status, mediaType, body));

        ServerToken first = await client.DriveAsync(client.Tokens.GetTokenAsync(cancellationToken).AsTask());
        ServerToken next = await client.DriveAsync(client.Tokens.RequestTokenAsync(cancellationToken));

        Assert.That((first.AccessToken, next.AccessToken, client.Spid.Count), Is.EqualTo(("token-2", "token-3", 3)));
    }

    [TestCaseSource(nameof(OtherAnswers))]
    public async Task GetTokenAsync_AnswerThatMeansSomethingElse_NeverSendsTheOtherSecret(int status, string? mediaType, string body)
    {
        using var client = new DrivenClient(options => options.SecondaryClientSecret = "second");
        client.Spid.AnswerWith(_ => Answer(status, mediaType, body));

        SpidException? failure = await client.FailureAsync();

        Assert.That((int?)failure?.SpidStatusCode, Is.EqualTo(status));
        Assert.That(client.Spid.Authorizations, Is.Not.Empty.And.None.EqualTo(BasicValue("second")));
    }

    [TestCase(403, "", "invalid_client", null, Description = "The second secret is not valid yet, and that says nothing about the first.")]
    [TestCase(400, "a_code_of_tomorrow", "invalid_client", null)]
    [TestCase(401, "invalid_client", "", "invalid_client")]
    [TestCase(403, "", "invalid_scope", "invalid_scope", Description = "The second secret was accepted, and then the scope was refused.")]
    [TestCase(401, "", "invalid_scope", "invalid_scope")]
    public async Task GetTokenAsync_BothSecretsFail_ThrowsWhatSaysMore(int firstStatus, string firstCode, string secondCode, string? expected)
    {
        using var client = new DrivenClient(options => options.SecondaryClientSecret = "second");
        client.Spid.AnswerWith(number => number == 1 ? StubSpid.Error(firstStatus, firstCode) : StubSpid.Error(400, secondCode));

        SpidException? failure = await client.FailureAsync();

        Assert.That((failure!.Kind, failure.OAuthError, client.Spid.Count), Is.EqualTo((SpidErrorKind.Configuration, expected, 2)));
    }

    [TestCase(401, "", 1, Description = "RFC 6749 section 5.2 has 401 for clients that are refused, and for nothing else.")]
    [TestCase(401, "a_code_of_tomorrow", 1)]
    [TestCase(401, "invalid_client", 1)]
    [TestCase(400, "invalid_client", 1)]
    [TestCase(401, "invalid_scope", 2)]
    [TestCase(403, "", 2)]
    [TestCase(400, "", 2)]
    [TestCase(400, "invalid_scope", 2)]
    public async Task GetTokenAsync_RefusalForOneRequest_HoldsBackOthersOnlyWhenItConcernsTheClient(int status, string code, int requests)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(status, code));

        SpidException? failure = await client.FailureAsync(KeyNames.Request(1));
        SpidException? other = await client.FailureAsync(KeyNames.Request(2));

        Assert.That((failure!.Kind, other!.Kind, client.Spid.Count), Is.EqualTo((SpidErrorKind.Configuration, SpidErrorKind.Configuration, requests)));
    }

    private static TestCaseData Refusal(int status, string? mediaType, string body) =>
        new TestCaseData(status, mediaType, body).SetArgDisplayNames($"{status}", mediaType ?? "no type", body.Length == 0 ? "empty" : body);

    private static HttpResponseMessage Answer(int status, string? mediaType, string body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (mediaType is not null)
        {
            response.Content.Headers.ContentType = new(mediaType);
        }

        return response;
    }
}
