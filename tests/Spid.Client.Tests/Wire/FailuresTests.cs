using System.Net;
using RichardSzalay.MockHttp;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

[CancelAfter(60_000)]
internal sealed class FailuresTests
{
    private const string Date = "Thu, 01 Jan 2026 12:00:00 GMT";

    [TestCase("Retry-After: 7", 7.0)]
    [TestCase("Retry-After: 2147483647", 2_147_483_647.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:45 GMT|Date: " + Date, 45.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 11:59:59 GMT|Date: " + Date, null)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:00 GMT|Date: " + Date, null)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:45 GMT", null)]
    [TestCase("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT|Date: " + Date, 251_635_031_999.0)]
    [TestCase("Retry-After: 0", null)]
    [TestCase("Retry-After: -5", null)]
    [TestCase("Retry-After: 99999999999999999999", null)]
    [TestCase("Retry-After: soon", null)]
    [TestCase("Retry-After: ", null)]
    [TestCase("Retry-After: 7.5", null)]
    [TestCase("Date: " + Date, null)]
    [TestCase("Retry-After: 3|Retry-After: 9", 3.0)]
    [TestCase("Retry-After: Thu, 01 Jan 2026 12:00:45 GMT|Date: yesterday", null)]
    [Test(Description = "C1 R5: Retry-After as seconds, date, rubbish, huge and negative")]
    public async Task Refused_RetryAfter_GivesAPositiveDelayOrNone(string headers, double? seconds, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().Respond(_ => Response(HttpStatusCode.TooManyRequests, headers, "{}"));

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Throttled));
        Assert.That(failure.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
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
