using System.Net;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

[CancelAfter(60_000)]
internal sealed class OAuthErrorsTests
{
    private const string Credentials = "invalid_client invalid_client_id invalid_client_credentials unauthorized_client";

    private const string Permanent =
        "invalid_scope invalid_target invalid_request invalid_grant unsupported_grant_type access_denied redirect_uri_mismatch "
        + "unsupported_response_type invalid_token expired_token insufficient_scope invalid_client_metadata invalid_redirect_uri "
        + "invalid_software_statement unapproved_software_statement invalid_user_credentials unverified_user";

    private const string RateLimits = "too_many_requests slow_down";
    private const string Passing = "server_error temporarily_unavailable";

    private static readonly int[] Statuses = [302, 400, 401, 403, 404, 405, 408, 409, 410, 415, 420, 422, 429, 500, 501, 502, 503, 504, 599];

    /// <summary>
    /// Gets code x status with the kind: Configuration, Throttled (R), Transient or Protocol, one letter for each of
    /// <see cref="Statuses"/>. Codes about credentials decide alone.
    /// </summary>
    public static IEnumerable<TestCaseData> Table() =>
    [
        .. Rows("", "PCCCCCTCCCRCRTTTTTT"),
        .. Rows("a_code_of_tomorrow", "PCCCCCTCCCRCRTTTTTT"),
        .. Rows(Permanent, "PCCCCCTCCCRCRTTTTTT"),
        .. Rows(Credentials, "CCCCCCCCCCCCCCCCCCC"),
        .. Rows(RateLimits, "RRRRRRRRRRRRRRRRRRR"),
        .. Rows(Passing, "TTTTTTTTTTRTRTTTTTT"),
    ];

    [TestCaseSource(nameof(Table))]
    [Test(Description = "spid.md 1.5: status x code")]
    public async Task Classify_CodeAndStatus_GivesTheKind(string code, int status, SpidErrorKind kind, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways((HttpStatusCode)status, code.Length == 0 ? "{}" : $$"""{"error":"{{code}}","error_code":"400 Bad Request","type":"OAuthException"}""");

        SpidException failure = await spid.FailAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(kind));
            Assert.That(failure.SpidStatusCode, Is.EqualTo((HttpStatusCode)status));
            Assert.That(failure.OAuthError, Is.EqualTo(code is "" or "a_code_of_tomorrow" ? null : code));
            Assert.That(failure.IsTransient, Is.EqualTo(kind is SpidErrorKind.Transient or SpidErrorKind.Throttled));
            Assert.That(failure.Message, Does.StartWith($"{MockSpid.TokenEndpoint} answered {status}"));
        }
    }

    [TestCase("Invalid_Client")]
    [TestCase("invalid_client ")]
    [TestCase("invalid_clients")]
    [TestCase("")]
    [TestCase(null)]
    public void Known_CodeThatIsNotInTheList_IsNotRepeated(string? code) => Assert.That(OAuthErrors.Known(code), Is.Null);

    [TestCase(404, "Check Environment or Authority, and the option of this endpoint where its path is not SPiD's: there is no such endpoint.")]
    [TestCase(400, "Check ClientId, ClientSecret, Scope and Resources.")]
    [TestCase(429, "SPiD limits the request rate of this client.")]
    [TestCase(503, "SPiD has a passing fault.")]
    [TestCase(307, "Check Environment or Authority: redirects are not followed, because a redirect would carry the client secret elsewhere.")]
    public async Task RequestTokenAsync_StatusWithoutCode_SaysWhatToLookAt(int status, string advice, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways((HttpStatusCode)status, "");

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Message, Is.EqualTo($"{MockSpid.TokenEndpoint} answered {status}. {advice}"));
    }

    private static IEnumerable<TestCaseData> Rows(string codes, string kinds) => codes.Split(' ')
        .SelectMany(code => Statuses.Zip(kinds, (status, kind) => new TestCaseData(code, status, KindOf(kind)).SetArgDisplayNames(code, $"{status}", $"{KindOf(kind)}")));

    private static SpidErrorKind KindOf(char letter) => letter switch
    {
        'C' => SpidErrorKind.Configuration,
        'R' => SpidErrorKind.Throttled,
        'T' => SpidErrorKind.Transient,
        _ => SpidErrorKind.Protocol,
    };
}
