using System.Globalization;
using System.Net;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>SPiD limits the rate: nobody asks inside the window, and one caller asks after it.</summary>
[CancelAfter(60_000)]
internal sealed class RateLimitTests
{
    private static readonly TestCaseData[] Windows =
    [
        new TestCaseData(429, "120", null, null, 120.0).SetArgDisplayNames("429 seconds"),
        new TestCaseData(420, "120", null, null, 120.0).SetArgDisplayNames("420 seconds"),
        new TestCaseData(429, "Thu, 01 Jan 2026 00:02:00 GMT", "Thu, 01 Jan 2026 00:00:00 GMT", null, 120.0).SetArgDisplayNames("429 date"),
        new TestCaseData(429, "Thu, 01 Jan 2026 10:02:00 GMT", "Thu, 01 Jan 2026 10:00:00 GMT", null, 120.0).SetArgDisplayNames("429 date of another clock"),
        new TestCaseData(429, "86400", null, null, 300.0).SetArgDisplayNames("429 huge"),
        new TestCaseData(429, "2147483647", null, null, 300.0).SetArgDisplayNames("429 largest"),
        new TestCaseData(429, "99999999999", null, null, 300.0).SetArgDisplayNames("429 overflow"),
        new TestCaseData(429, "99999999999999999999", null, null, 300.0).SetArgDisplayNames("429 longer overflow"),
        new TestCaseData(429, "Thu, 01 Jan 2026 00:02:00 GMT", null, null, 120.0).SetArgDisplayNames("429 date without Date"),
        new TestCaseData(429, "Fri, 31 Dec 9999 23:59:59 GMT", null, null, 300.0).SetArgDisplayNames("429 last date without Date"),
        new TestCaseData(429, "Wed, 31 Dec 2025 23:59:59 GMT", null, null, 0.5).SetArgDisplayNames("429 past date without Date"),
        new TestCaseData(429, "120.5", null, null, 120.5).SetArgDisplayNames("429 fraction"),
        new TestCaseData(429, "-5", null, null, 0.5).SetArgDisplayNames("429 negative"),
        new TestCaseData(429, "soon", null, null, 0.5).SetArgDisplayNames("429 garbage"),
        new TestCaseData(429, "0", null, null, 0.5).SetArgDisplayNames("429 zero"),
        new TestCaseData(420, null, null, 3537, 300.0).SetArgDisplayNames("420 reset 3537"),
        new TestCaseData(420, null, null, 45, 45.0).SetArgDisplayNames("420 reset 45"),
        new TestCaseData(420, null, null, -91, 0.5).SetArgDisplayNames("420 reset -91"),
        new TestCaseData(420, "60", null, 3537, 60.0).SetArgDisplayNames("420 header before reset"),
    ];

    [TestCaseSource(nameof(Windows))]
    [Test(Description = "A25, R5")]
    public async Task GetTokenAsync_RateLimited_SendsNothingInsideTheWindowAndOneProbeAfterIt(
        int status, string? retryAfter, string? date, int? reset, double window, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => Limited(status, retryAfter, date, reset));
        SpidException? first = await client.FailureAsync();

        SpidException? last = null;
        for (int step = 0; step < 10; step++)
        {
            last = await client.FailureAsync();
            client.Time.Advance(TimeSpan.FromSeconds(window / 10 * 0.99));
        }

        int inside = client.Spid.Count;
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}"));
        client.Time.Advance(TimeSpan.FromSeconds(1 + (window / 100)));
        var calls = new Task<ServerToken>[10_000];
        Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.GetTokenAsync(cancellationToken).AsTask());
        await Task.WhenAll(calls);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(inside, Is.EqualTo(1), "requests inside the window");
            Assert.That(client.Spid.Count, Is.EqualTo(2), "requests after the window");
            Assert.That(first!.Kind, Is.EqualTo(SpidErrorKind.Throttled));
            Assert.That(last!.RetryAfter, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromMinutes(5)));
        }
    }

    [Test(Description = "R5, MSAL #4196")]
    public async Task GetTokenAsync_TenThousandWaitersMeetRateLimit_ShareItsRetriesAndItsEnd(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        List<DateTimeOffset> attempts = [];
        client.Spid.AnswerWith(_ =>
        {
            attempts.Add(client.Time.GetUtcNow());
            return StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(2));
        });
        var calls = new Task<ServerToken>[10_000];

        Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.GetTokenAsync(cancellationToken).AsTask());
        await client.DriveAsync(() => calls.All(call => call.IsCompleted));
        SpidException?[] failures = [.. calls.Select(call => call.Exception?.InnerException as SpidException)];

        Assert.That(attempts, Has.Count.EqualTo(3));
        Assert.That(attempts.Zip(attempts.Skip(1), (earlier, later) => later - earlier), Has.All.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(failures, Has.All.Property(nameof(SpidException.Kind)).EqualTo(SpidErrorKind.Throttled));
        Assert.That(failures.Distinct().Count(), Is.EqualTo(10_000), "each caller throws an exception of its own");
    }

    [Test(Description = "R5")]
    public async Task GetTokenAsync_OneKeyRateLimited_HoldsBackEveryKey()
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(60)));
        await client.FailureAsync();

        SpidException? other = await client.FailureAsync(KeyNames.Request(1));

        Assert.That(other!.Kind, Is.EqualTo(SpidErrorKind.Throttled));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "R5")]
    public async Task GetTokenAsync_SuccessOfAnEarlierRequestArrivesInsideTheWindow_WindowStands(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (_, form, _) =>
        {
            if (KeyNames.InForm(form) != KeyNames.Of(1))
            {
                return StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(60));
            }

            await open.Task;
            return StubSpid.Token("slow");
        };
        Task<ServerToken> slow = client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);
        client.Time.Advance(TimeSpan.FromSeconds(1));
        await client.FailureAsync(KeyNames.Request(2));
        open.SetResult();
        await slow;

        SpidException? failure = await client.FailureAsync(KeyNames.Request(3));

        Assert.That(failure!.Kind, Is.EqualTo(SpidErrorKind.Throttled));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "R5")]
    public async Task GetTokenAsync_ConcurrentRefusalsNameDifferentWindows_LongestStands()
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (_, form, _) =>
        {
            if (KeyNames.InForm(form) == KeyNames.Of(1))
            {
                await open.Task;
                return StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(5));
            }

            return StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(60));
        };
        Task<SpidException?> late = client.FailureAsync(KeyNames.Request(1));
        await Wait.UntilAsync(() => client.Spid.Count == 1);
        await client.FailureAsync(KeyNames.Request(2));
        open.SetResult();
        await late;

        client.Time.Advance(TimeSpan.FromSeconds(50));
        SpidException? failure = await client.FailureAsync(KeyNames.Request(3));

        Assert.That(client.Spid.Count, Is.EqualTo(2));
        Assert.That(failure!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    private static HttpResponseMessage Limited(int status, string? retryAfter, string? date, int? reset)
    {
        HttpResponseMessage response = StubSpid.Json(
            (HttpStatusCode)status,
            reset is null
                ? """{"error":"too_many_requests"}"""
                : string.Create(CultureInfo.InvariantCulture, $$"""{"code":420,"type":"error","error":{"code":420},"data":null,"request":{"limit":0,"remaining":-6,"reset":{{reset}} } }"""));
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        if (date is not null)
        {
            response.Headers.TryAddWithoutValidation("Date", date);
        }

        return response;
    }
}
