using System.Net;
using RichardSzalay.MockHttp;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

/// <content>The refusals that SPiD's documentation and SDKs show, V12 to V18 and V25.</content>
internal sealed partial class TokenEndpointTests
{
    [Test(Description = "V12")]
    public async Task GetTokenAsync_WrongSecret_IsAConfigurationErrorThatIsNotRetried(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        MockedRequest endpoint = spid.AnswerAlways(
            HttpStatusCode.BadRequest, """{"error":"invalid_client_credentials","error_code":"400 Bad Request","type":"OAuthException"}""");

        SpidException failure = await spid.FailThroughCacheAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(failure.OAuthError, Is.EqualTo("invalid_client_credentials"));
            Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(failure.RetryAfter, Is.Null);
            Assert.That(failure.Message, Is.EqualTo(
                $"{MockSpid.TokenEndpoint} answered 400 invalid_client_credentials. Check ClientId and ClientSecret, and that they belong to this environment; "
                + "SPiD also answers this for a client without a registered redirect URI."));
            Assert.That(spid.Http.GetMatchCount(endpoint), Is.EqualTo(1));
        }
    }

    [Test(Description = "V13")]
    public async Task RequestTokenAsync_UnknownClient_IsAConfigurationError(
        [Values("invalid_client_id", "invalid_client", "unauthorized_client")] string code, [Values(400, 401, 403, 500)] int status, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        MockedRequest endpoint = spid.AnswerAlways((HttpStatusCode)status, $$"""{"error":"{{code}}"}""");

        SpidException failure = await spid.FailAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(failure.OAuthError, Is.EqualTo(code));
            Assert.That(failure.Message, Does.Contain("Check ClientId and ClientSecret"));
            Assert.That(spid.Http.GetMatchCount(endpoint), Is.EqualTo(1));
        }
    }

    [TestCase("invalid_scope", "Check Scope: a SPiD administrator decides which scopes the client may ask for.")]
    [TestCase("invalid_target", "Check Resources: each must be the URI that the receiving service registered in self service.")]
    [TestCase("unsupported_grant_type", "Check ClientId, ClientSecret, Scope and Resources.")]
    [Test(Description = "V14")]
    public async Task GetTokenAsync_ScopeOrResourceNotAllowed_NamesTheOptionAndIsNotRetriedOrCached(string code, string advice, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        spid.Expect().Respond(HttpStatusCode.BadRequest, "application/json", $$"""{"error":"{{code}}","error_code":"400 Bad Request","type":"OAuthException"}""");
        spid.Expect().Respond("application/json", """{"access_token":"next","expires_in":300}""");

        SpidException failure = await spid.FailThroughCacheAsync(cancellationToken);
        spid.Time.Advance(TimeSpan.FromSeconds(31));
        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(failure.OAuthError, Is.EqualTo(code));
            Assert.That(failure.Message, Does.EndWith(advice));
            Assert.That(token.AccessToken, Is.EqualTo("next"));
        }
    }

    [Test(Description = "V15")]
    public async Task RequestTokenAsync_TooManyRequests_IsRetriedWithPauses(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        var times = new List<DateTimeOffset>();
        spid.Http.When(HttpMethod.Post, MockSpid.TokenEndpoint).Respond(_ =>
        {
            times.Add(spid.Time.GetUtcNow());
            return StubSpid.Json(HttpStatusCode.TooManyRequests, """{"error":{"code":429,"type":"too_many_requests","description":"Too many requests"}}""");
        });

        SpidException failure = await spid.FailAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Throttled));
            Assert.That(failure.OAuthError, Is.EqualTo("too_many_requests"));
            Assert.That(failure.IsTransient, Is.True);
            Assert.That(times, Has.Count.EqualTo(3));
            Assert.That(times[1] - times[0], Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5)));
            Assert.That(times[2] - times[1], Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
        }
    }

    [Test(Description = "V16")]
    public async Task GetTokenAsync_RateLimitContainer_WaitsAsToldUpToTheCap(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        MockedRequest endpoint = spid.AnswerAlways((HttpStatusCode)420, RateLimit(reset: "3537"));

        SpidException failure = await spid.FailThroughCacheAsync(cancellationToken);
        spid.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        SpidException remembered = await spid.FailThroughCacheAsync(cancellationToken);
        int whileTold = spid.Http.GetMatchCount(endpoint);
        spid.Time.Advance(TimeSpan.FromSeconds(1));
        await spid.FailThroughCacheAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Throttled));
            Assert.That(failure.StatusCode, Is.EqualTo((HttpStatusCode)420));
            Assert.That(failure.OAuthError, Is.Null);
            Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(3537)));
            Assert.That(remembered.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(whileTold, Is.EqualTo(1));
            Assert.That(spid.Http.GetMatchCount(endpoint), Is.EqualTo(2));
        }
    }

    [TestCase("-91")]
    [TestCase("0")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("\"soon\"")]
    [Test(Description = "V17")]
    public async Task RequestTokenAsync_RateLimitWithoutPositiveReset_GivesNoDelay(string reset, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways((HttpStatusCode)420, RateLimit(reset));

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Throttled));
        Assert.That(failure.RetryAfter, Is.Null);
    }

    [Test(Description = "V18")]
    public async Task RequestTokenAsync_ServerErrorAsText_IsRetriedAndThenTransient(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        MockedRequest endpoint = spid.Http.When(HttpMethod.Post, MockSpid.TokenEndpoint);
        endpoint.Respond(HttpStatusCode.InternalServerError, "text/plain", "Something went wrong");

        SpidException failure = await spid.FailAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Transient));
            Assert.That(failure.IsTransient, Is.True);
            Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(failure.OAuthError, Is.Null);
            Assert.That(failure.Message, Is.EqualTo($"{MockSpid.TokenEndpoint} answered 500. SPiD has a passing fault."));
            Assert.That(spid.Http.GetMatchCount(endpoint), Is.EqualTo(3));
        }
    }

    [Test(Description = "V18: a retry that succeeds")]
    public async Task RequestTokenAsync_ServerErrorThenToken_GivesTheToken(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        spid.Expect().Respond(HttpStatusCode.BadGateway, "text/html", "<html>");
        spid.Expect().Respond("application/json", """{"access_token":"second","expires_in":300}""");

        ServerToken token = await spid.RunAsync(spid.Tokens.RequestTokenAsync(cancellationToken), cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("second"));
        spid.Http.VerifyNoOutstandingExpectation();
    }

    [TestCase("""{"error":{"code":409,"type":"ApiException","description":{"password":"@@"}}}""")]
    [TestCase("""{"error":{"code":409,"type":"ApiException","description":"@@"}}""")]
    [TestCase("""{"error":"@@","error_description":"@@","error_uri":"https://e.example/@@"}""")]
    [Test(Description = "V25, CVE-2026-55375, golang/oauth2 RetrieveError: a description may echo a secret and is not read, an unknown code is not repeated")]
    public async Task RequestTokenAsync_ErrorThatEchoesTheSecret_ShowsNothingOfIt(string body, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.ClientSecret = Canary.Secret);
        spid.AnswerAlways(HttpStatusCode.Conflict, body.Replace("@@", Canary.Secret, StringComparison.Ordinal));

        SpidException failure = await spid.FailAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(failure.OAuthError, Is.Null);
            Assert.That(failure.InnerException, Is.Null);
            Canary.AssertAbsent(failure.ToString());
        }
    }

    private static string RateLimit(string reset) =>
        $$$"""
        {"name":"SPP Container","version":"0.2","api":2,"code":420,"type":"error","data":null,
        "error":{"code":420,"type":"ApiException","description":"Request Ratelimit exceeded"},
        "request":{"reset":{{{reset}}},"limit":0,"remaining":-6}}
        """;
}
