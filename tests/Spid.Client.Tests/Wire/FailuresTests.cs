using System.Net;
using RichardSzalay.MockHttp;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

[CancelAfter(60_000)]
internal sealed class FailuresTests
{
    private const string Date = "Thu, 01 Jan 2026 12:00:00 GMT";
    private const string In45Seconds = "Thu, 01 Jan 2026 12:00:45 GMT";

    /// <summary>By how much the server's clock, which <see cref="Date"/> shows, is ahead of the local one.</summary>
    private const double TwelveHours = 12 * 3600;
    private const double AThousandYears = 1000 * 365.25 * 24 * 3600;

    [TestCase("Retry-After: 7", 7.0)]
    [TestCase("Retry-After: +7", 7.0)]
    [TestCase("Retry-After:  7 ", 7.0)]
    [TestCase("Retry-After: 7.5", 7.5)]
    [TestCase("Retry-After: 0.25", 0.25)]
    [TestCase("Retry-After: 2147483647", 2_147_483_647.0)]
    [TestCase("Retry-After: 2147483648", 2_147_483_648.0)]
    [TestCase("Retry-After: 99999999999", AThousandYears)]
    [TestCase("Retry-After: 99999999999999999999", AThousandYears)]
    [TestCase("Retry-After: 99999999999999999999.5", AThousandYears)]
    [TestCase("Retry-After: 0", null)]
    [TestCase("Retry-After: 0.0", null)]
    [TestCase("Retry-After: -5", null)]
    [TestCase("Retry-After: -99999999999", null)]
    [TestCase("Retry-After: soon", null)]
    [TestCase("Retry-After: ", null)]
    [TestCase("Retry-After: 7s", null)]
    [TestCase("Retry-After: 1e9", null)]
    [TestCase("Retry-After: 0x10", null)]
    [TestCase("Retry-After: NaN", null)]
    [TestCase("Retry-After: Infinity", null)]
    [TestCase("Retry-After: +Infinity", null)]
    [TestCase("Retry-After: \u0667", null)]
    [TestCase("Retry-After: 1.2.3", null)]
    [TestCase("Date: " + Date, null)]
    [TestCase("Retry-After: 3|Retry-After: 9", 9.0)]
    [TestCase("Retry-After: 9|Retry-After: 3", 9.0)]
    [TestCase("Retry-After: 3, 9", 9.0)]
    [TestCase("Retry-After: 9,", 9.0)]
    [TestCase("Retry-After: soon|Retry-After: 9", 9.0)]
    [TestCase("Retry-After: -1|Retry-After: 9", 9.0)]
    [TestCase("Retry-After: 3|Retry-After: " + In45Seconds + "|Date: " + Date, 45.0)]
    [TestCase("Retry-After: " + In45Seconds + "|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 11:59:59 GMT|Date: " + Date, null)]
    [TestCase("Retry-After: " + Date + "|Date: " + Date, null)]
    [TestCase("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT|Date: " + Date, AThousandYears)]
    [TestCase("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", AThousandYears)]
    [TestCase("Retry-After: Mon, 01 Jan 0001 00:00:00 GMT|Date: " + Date, null)]
    [TestCase("Retry-After: " + In45Seconds, TwelveHours + 45)]
    [TestCase("Retry-After: " + In45Seconds + "|Date: yesterday", TwelveHours + 45)]
    [TestCase("Retry-After: " + In45Seconds + "|Date: ", TwelveHours + 45)]
    [TestCase("Retry-After: Wed, 31 Dec 2025 23:59:59 GMT", null)]
    [TestCase("Retry-After: Thursday, 01-Jan-26 12:00:45 GMT|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 01-Jan-2026 12:00:45 GMT|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Saturday, 01-Jan-50 12:00:00 GMT|Date: " + Date, 757_382_400.0, Description = "RFC 9110 section 5.6.7: at most fifty years ahead")]
    [TestCase("Retry-After: Friday, 01-Jan-99 12:00:00 GMT|Date: " + Date, null)]
    [TestCase("Retry-After: Thu Jan  1 12:00:45 2026|Date: " + Date, 45.0)]
    [TestCase("Retry-After: " + In45Seconds + "|Date: Thursday, 01-Jan-26 12:00:00 GMT", 45.0)]
    [TestCase("Retry-After: Mon, 01 Jan 2026 12:00:45 GMT|Date: " + Date, 45.0, Description = "the wrong day of the week")]
    [TestCase("Retry-After: 01 Jan 2026 12:00:45 GMT|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 1 Jan 2026 12:00:45 GMT|Date: " + Date, 45.0)]
    [TestCase("Retry-After: thu, 01 jan 2026 12:00:45 gmt|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:45 UTC|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:45|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 13:00:45 +0100|Date: " + Date, 45.0)]
    [TestCase("Retry-After: 2026-01-01T12:00:45Z|Date: " + Date, 45.0)]
    [TestCase("Retry-After: 2026-01-01T12:00:45.500+00:00|Date: " + Date, 45.5)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:60 GMT|Date: " + Date, 59.0, Description = "RFC 9110 section 5.6.7: a leap second")]
    [TestCase("Retry-After: Thu, 32 Jan 2026 12:00:45 GMT|Date: " + Date, null)]
    [TestCase("Retry-After: Thu, 01 Jan 2026|Date: " + Date, null)]
    [TestCase("Retry-After: Thu, |Date: " + Date, null)]
    [TestCase("Retry-After: Thu|Date: " + Date, null)]
    [Test(Description = "C1 R5: Retry-After as seconds, date, rubbish, huge and negative")]
    public async Task Refused_RetryAfter_GivesAPositiveDelayOrNone(string headers, double? seconds, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().Respond(_ => Response(HttpStatusCode.TooManyRequests, headers, "{}"));

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Throttled));
        Assert.That(failure.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    [TestCase("Retry-After: 99999999999")]
    [TestCase("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT")]
    [TestCase("Retry-After: " + In45Seconds)]
    [TestCase("Retry-After: 3|Retry-After: 99999999999")]
    [Test(Description = "However long the wait is, it holds up to the cap: one request in that time, and one after it")]
    public async Task GetTokenAsync_RetryAfterBeyondTheCap_AsksOnceUntilTheCapIsReached(string headers, CancellationToken cancellationToken)
    {
        int requests = 0;
        using var spid = new MockSpid();
        spid.Http.When(HttpMethod.Post, MockSpid.TokenEndpoint).Respond(_ =>
        {
            requests++;
            return Response(HttpStatusCode.ServiceUnavailable, headers, "{}");
        });

        SpidException first = await spid.FailThroughCacheAsync(cancellationToken);
        spid.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        SpidException second = await spid.FailThroughCacheAsync(cancellationToken);
        int requestsWithinTheCap = requests;
        spid.Time.Advance(TimeSpan.FromSeconds(1));
        await spid.FailThroughCacheAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.RetryAfter, second.RetryAfter), Is.EqualTo((TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1))));
            Assert.That((requestsWithinTheCap, requests), Is.EqualTo((1, 2)));
        }
    }

    [TestCase(503, SpidErrorKind.Transient, 7)]
    [TestCase(302, SpidErrorKind.Protocol, 7)]
    [TestCase(400, SpidErrorKind.Configuration, null)]
    public async Task Refused_RetryAfterWithOtherStatus_CountsUnlessTheFaultIsPermanent(int status, SpidErrorKind kind, int? seconds, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().Respond(_ => Response((HttpStatusCode)status, "Retry-After: 7", """{"request":{"reset":9}}"""));

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Kind, Is.EqualTo(kind));
        Assert.That(failure.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test(Description = "spid.md 5.6: the header comes before request.reset")]
    public async Task Refused_HeaderAndReset_TakesTheHeader(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().Respond(_ => Response((HttpStatusCode)420, "Retry-After: 7", """{"request":{"reset":9}}"""));

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [TestCase("text/html", "<html>{0}</html>")]
    [TestCase("application/json", "{{\"error\":\"{0}\"}}")]
    [TestCase("application/json", "{{\"error\":\"invalid_client\",\"error_description\":\"{0}\",\"error_uri\":\"{0}\",\"client_secret\":\"{0}\"}}")]
    [TestCase("application/json", "{{\"access_token\":\"{0}\",\"token_type\":\"{0}\"}}")]
    [TestCase("application/json", "{{\"access_token\":\"{0} \"}}")]
    [TestCase("application/json", "{{\"error\":{{\"type\":\"{0}\",\"description\":{{\"{0}\":\"{0}\"}}}}}}")]
    [Test(Description = "C3 S7, google-http-java-client 1705: no eight characters of a secret, wherever the answer repeats it")]
    public async Task RequestTokenAsync_AnswerThatRepeatsTheSecret_ShowsNoPieceOfIt(string mediaType, string body, CancellationToken cancellationToken)
    {
        foreach (int status in new[] { 200, 302, 400, 401, 429, 500 })
        {
            using var spid = new MockSpid(options => options.ClientSecret = Canary.Secret);
            spid.Expect().Respond(_ =>
            {
                string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, body, Canary.Secret);
                HttpResponseMessage response = Response((HttpStatusCode)status, $"X-Echo: {Canary.Secret}|Location: https://evil.example/?s={Canary.Secret}", text);
                response.ReasonPhrase = Canary.Secret;
                response.Content.Headers.ContentType = new(mediaType);
                return response;
            });

            SpidException failure = await spid.FailAsync(cancellationToken);

            Canary.AssertAbsent(failure.ToString());
            Assert.That(failure.Data, Is.Empty);
        }
    }

    private static HttpResponseMessage Response(HttpStatusCode status, string headers, string body)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        foreach (string[] header in headers.Split('|').Select(line => line.Split(": ", 2)))
        {
            response.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        return response;
    }
}
