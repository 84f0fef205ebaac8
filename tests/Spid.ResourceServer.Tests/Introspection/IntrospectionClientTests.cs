using System.Net;
using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>Faults of the introspection endpoint, and the bounds around it.</summary>
[CancelAfter(60_000)]
internal sealed partial class IntrospectionClientTests
{
    [TestCase(400, IntrospectionFailed, Description = "Edge case 54, V33: it concerns the token")]
    [TestCase(401, CredentialsRefused, Description = "Edge case 54, V32")]
    [TestCase(403, IntrospectionFailed, Description = "Edge case 54: it concerns the token, unless a probe shows otherwise")]
    [TestCase(420, Throttled, Description = "Edge case 54")]
    [TestCase(429, Throttled, Description = "Edge case 54")]
    [TestCase(500, IntrospectionFailed, Description = "Edge case 54")]
    [TestCase(503, IntrospectionFailed, Description = "Edge case 54")]
    [TestCase(204, IntrospectionFailed, Description = "Edge case 33")]
    [TestCase(302, IntrospectionFailed, Description = "Edge case 34")]
    public async Task TryIntrospect_Status_IsUnavailableForThatReason(int status, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status((HttpStatusCode)status));

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, expected)));
    }

    [Test(Description = "Edge case 54: Retry-After in seconds")]
    public async Task TryIntrospect_RetryAfterSeconds_EndpointIsLeftAloneThatLong(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(Throttle(response => response.Headers.Add("Retry-After", "20")));

        SpidVerificationResult first = await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(15));
        SpidVerificationResult second = await rig.VerifyAsync(rig.Sign(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.RetryAfter, second.RetryAfter), Is.EqualTo((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5))));
            Assert.That((second.Reason, rig.Spid.Introspections), Is.EqualTo((Throttled, 1)));
        }

        rig.AnswerActive();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [Test(Description = "Edge case 54: Retry-After as a date")]
    public async Task TryIntrospect_RetryAfterDate_IsReckonedByTheServersClock(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(Throttle(response =>
        {
            response.Headers.Date = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            response.Headers.Add("Retry-After", "Wed, 01 Jan 2020 00:00:10 GMT");
        }));

        Assert.That((await rig.VerifyAsync(rig.Sign(), cancellationToken)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [TestCase("31536000", Description = "a year")]
    [TestCase("99999999999", Description = "more than 32 bits")]
    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT", Description = "a date, and no Date to measure it by")]
    [TestCase("Thu, 01 Jan 2026 01:00:00 GMT", Description = "an hour by the local clock")]
    [TestCase("3, 31536000", Description = "two lines that a proxy joined")]
    public async Task TryIntrospect_RetryAfterOverAMinute_IsObeyedForAMinute(string retryAfter, CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(Throttle(response => response.Headers.TryAddWithoutValidation("Retry-After", retryAfter)));
        Assert.That((await rig.VerifyAsync(rig.Sign(), cancellationToken)).RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)), "callers hear the same");

        rig.AnswerActive();
        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.That((await rig.ReasonAsync(rig.Sign(), cancellationToken), rig.Spid.Introspections), Is.EqualTo((Throttled, 1)));
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [TestCase(false, Description = "Edge case 54: it goes well")]
    [TestCase(true, Description = "Edge case 54: it asks for a shorter pause")]
    public async Task TryIntrospect_AnswerToACallBeforeThePause_LeavesThePauseAsItIs(bool isThrottled)
    {
        using var rig = new VerifierRig(Mode.Remote);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;
        Task<SpidVerificationResult> early = rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, CancellationToken.None);
        rig.Spid.Introspect = (_, _) => Task.FromResult(Throttle(response => response.Headers.Add("Retry-After", "20")));
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        answer.SetResult(isThrottled ? Throttle(response => response.Headers.Add("Retry-After", "1")) : StubSpid.Json("""{"active":false}"""));
        await early;
        SpidVerificationResult next = await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That((next.Reason, next.RetryAfter, rig.Spid.Introspections), Is.EqualTo((Throttled, TimeSpan.FromSeconds(20), 2)));
    }

    [Test(Description = "Edge case 55")]
    public async Task TryIntrospect_NoAnswerInTime_IsUnavailableAfterThreeSeconds(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        var called = new TaskCompletionSource();
        rig.Spid.Introspect = (_, cancelled) =>
        {
            called.SetResult();
            return StubSpid.NeverAsync(cancelled);
        };

        Task<SpidVerificationResult> verification = rig.VerifyAsync(rig.Sign(), cancellationToken);
        await called.Task;
        rig.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(verification.IsCompleted, Is.False);
        rig.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await verification).Reason, Is.EqualTo(IntrospectionFailed));
    }

    [Test(Description = "Edge case 56")]
    public async Task TryIntrospect_ConnectionResetInTheBody_IsUnavailable(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new BreakingStream("{\"active\":tr")) });

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(IntrospectionFailed));
    }

    [Test(Description = "Edge case 57")]
    public async Task TryIntrospect_TlsFailure_IsUnavailable(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => throw new HttpRequestException(HttpRequestError.SecureConnectionError, "The certificate is not trusted.");

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(IntrospectionFailed));
    }

    [Test]
    public async Task TryIntrospect_CredentialsRefused_OneCriticalLineAndTheEndpointIsSpared(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Json("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized));

        for (int request = 0; request < 20; request++)
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(CredentialsRefused));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
            Assert.That(rig.Verifier.Introspection.Status, Is.EqualTo(IntrospectionStatus.CredentialsRefused));
            Assert.That(rig.Logger.Collector.GetSnapshot().Count(line => line.Level == Microsoft.Extensions.Logging.LogLevel.Critical), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task TryIntrospect_EndpointKeepsFailing_BreakerSparesItAndTriesAgain(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        for (int request = 0; request < 100; request++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
        }

        SpidVerificationResult broken = await rig.VerifyAsync(rig.Sign(), cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(10));
        Assert.That((broken.Reason, broken.RetryAfter > TimeSpan.Zero), Is.EqualTo((CircuitOpen, true)));
        Assert.That(rig.Verifier.Introspection.Status, Is.EqualTo(IntrospectionStatus.Failing));

        rig.AnswerActive();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(rig.Verifier.Introspection.Status, Is.EqualTo(IntrospectionStatus.Recovering));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        Assert.That(rig.Verifier.Introspection.Status, Is.EqualTo(IntrospectionStatus.Working));
    }

    [Test(Description = "R15: a flood of misses while the endpoint hangs")]
    public async Task TryIntrospect_TenThousandCallsWhileTheEndpointHangs_SixtyFourRunAndTheRestIsTurnedAway(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        IntrospectionClient client = rig.Verifier.Introspection;

        Task<IntrospectionOutcome>[] calls = [.. Enumerable.Range(0, 10_000).Select(number => client.TryIntrospectAsync($"token-{number}", cancellationToken))];
        IntrospectionOutcome[] turnedAway = await Task.WhenAll(calls[320..]);
        Assert.That(turnedAway.Select(outcome => outcome.Reason), Is.All.EqualTo(TooManyCalls));
        Assert.That(rig.Spid.MostRunning, Is.LessThanOrEqualTo(64));

        rig.Time.Advance(TimeSpan.FromSeconds(3));
        IntrospectionOutcome[] late = await Task.WhenAll(calls[..320]);
        Assert.That(late.Select(outcome => outcome.Reason), Is.All.AnyOf(IntrospectionFailed, TooManyCalls, CircuitOpen));
        Assert.That(rig.Spid.MostRunning, Is.EqualTo(64));
        Assert.That(rig.Spid.Introspections, Is.LessThanOrEqualTo(320));
    }

    [Test]
    public async Task IntrospectAsync_InactiveToken_IsAnAnswer(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();

        SpidIntrospectionResult result = await rig.Verifier.Introspection.IntrospectAsync("anything", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.IsActive, result.ClientId, result.Subject, result.Issuer, result.TokenId), Is.EqualTo((false, (string?)null, (string?)null, (string?)null, (string?)null)));
            Assert.That((result.ExpiresAt, result.IssuedAt, result.ServerTime), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, (DateTimeOffset?)null)));
            Assert.That(result.Scopes, Is.Empty);
            Assert.That(result.Audiences, Is.Empty);
            Assert.That(result.ToString(), Is.EqualTo("Inactive token"));
        }
    }

    [Test]
    public async Task IntrospectAsync_ActiveTokenForAnotherService_IsReportedWithoutAVerdict(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.AnswerActive(answer => (answer["aud"], answer["now"], answer["sub"]) = ("https://other.example.com", 1767225600, "subject"));

        SpidIntrospectionResult result = await rig.Verifier.Introspection.IntrospectAsync("anything", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.IsActive, Is.True);
            Assert.That(result.Audiences, Is.EqualTo(new[] { "https://other.example.com" }));
            Assert.That((result.ServerTime, result.Subject, result.Issuer), Is.EqualTo((rig.Now, "subject", Forge.Issuer + "/")));
            Assert.That((result.IssuedAt, result.ExpiresAt, result.TokenId is null), Is.EqualTo((rig.Now, rig.Now.AddSeconds(900), false)));
            Assert.That(result.ToString(), Is.EqualTo($"Active token of client '{Forge.ClientId}'"));
        }
    }

    [Test]
    public async Task IntrospectAsync_EndpointFails_ThrowsWithoutTokenOrSecret(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.Spid.Introspect = (body, _) => Task.FromResult(StubSpid.Json($$"""{"error":"{{body}}"}""", HttpStatusCode.BadRequest));

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Verifier.Introspection.IntrospectAsync("the-token-itself", cancellationToken));

        Assert.That((exception!.Kind, exception.SpidStatusCode), Is.EqualTo((SpidErrorKind.Protocol, (HttpStatusCode?)HttpStatusCode.BadRequest)));
        Assert.That(exception.ToString(), Does.Not.Contain("the-token-itself").And.Not.Contain(VerifierRig.ClientSecret));
    }

    [Test]
    public async Task IntrospectAsync_CallAfterABreakIsGivenUp_BreakIsNotOver(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        for (int request = 0; request < 10; request++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
        }

        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        using var enough = new CancellationTokenSource();
        Task<SpidIntrospectionResult> first = rig.Verifier.Introspection.IntrospectAsync("one", enough.Token);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 11, cancellationToken);
        await enough.CancelAsync();
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(CircuitOpen));
        rig.AnswerActive();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [Test]
    public async Task IntrospectAsync_ExceptionOfAHandlerWrapsWhatTheServerSent_ItIsNotPassedOn(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (body, _) => throw new InvalidOperationException("A handler failed.", new HttpRequestException(HttpRequestError.InvalidResponse, body));

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Verifier.Introspection.IntrospectAsync("the-token-itself", cancellationToken));

        Assert.That(exception!.IsTransient, Is.True);
        Assert.That(exception.ToString(), Does.Contain(nameof(InvalidOperationException)).And.Not.Contain("the-token-itself"));
    }

    [Test]
    public async Task IntrospectAsync_QueueFull_ThrowsTransient(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Introspection.MaximumConcurrency, options.Introspection.MaximumQueue) = (1, 0));
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        using var enough = new CancellationTokenSource();
        Task<SpidIntrospectionResult> first = rig.Verifier.Introspection.IntrospectAsync("one", enough.Token);

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Verifier.Introspection.IntrospectAsync("two", cancellationToken));
        await enough.CancelAsync();

        Assert.That(exception!.IsTransient, Is.True);
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task IntrospectAsync_NoCredentialsOrNoToken_SaysWhatIsMissing(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);

        await Assert.ThatAsync(() => rig.Verifier.Introspection.IntrospectAsync("x", cancellationToken), Throws.InvalidOperationException.With.Message.Contains("ClientId"));
        await Assert.ThatAsync(() => rig.Verifier.Introspection.IntrospectAsync("", cancellationToken), Throws.ArgumentException);
    }

    private static HttpResponseMessage Throttle(Action<HttpResponseMessage> edit)
    {
        HttpResponseMessage response = StubSpid.Status(HttpStatusCode.TooManyRequests);
        edit(response);
        return response;
    }
}
