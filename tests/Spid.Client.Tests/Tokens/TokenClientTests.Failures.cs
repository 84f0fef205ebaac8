using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

/// <content>What is remembered of a failure, for whom and how long.</content>
internal sealed partial class TokenClientTests
{
    [TestCase(400, "invalid_client")]
    [TestCase(401, "invalid_client")]
    [TestCase(401, "invalid_client_id")]
    [TestCase(401, "unauthorized_client")]
    [TestCase(400, "invalid_scope")]
    [TestCase(400, "unsupported_grant_type")]
    [TestCase(400, "invalid_target")]
    public async Task GetTokenAsync_ConfigurationError_IsNeverRetriedAndRememberedForThirtySeconds(int status, string code)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(status, code));

        SpidException? first = await client.FailureAsync();
        client.Time.Advance(TimeSpan.FromSeconds(29.9));
        SpidException? second = await client.FailureAsync();
        int remembered = client.Spid.Count;
        client.Time.Advance(TimeSpan.FromSeconds(0.2));
        await client.FailureAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(remembered, Is.EqualTo(1));
            Assert.That(client.Spid.Count, Is.EqualTo(2));
            Assert.That(first!.OAuthError, Is.EqualTo(code));
            Assert.That(first.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(second!.OAuthError, Is.EqualTo(code));
            Assert.That(second.Message, Is.EqualTo(first.Message));
            Assert.That(second.StatusCode, Is.EqualTo(first.StatusCode));
            Assert.That(second.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(0.1)));
        }
    }

    [Test]
    public async Task GetTokenAsync_ManyCallersMeetOneFailure_EachThrowsAnInstanceOfItsOwn()
    {
        using var client = new DrivenClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (_, _, _) =>
        {
            await open.Task;
            return StubSpid.Error(401, "invalid_client");
        };

        Task<SpidException?>[] calls = [.. Enumerable.Range(0, 100).Select(_ => client.FailureAsync())];
        open.SetResult();
        SpidException?[] waiting = await Task.WhenAll(calls);
        SpidException?[] later = [await client.FailureAsync(), await client.FailureAsync()];

        Assert.That(waiting.Concat(later), Has.All.Property(nameof(SpidException.OAuthError)).EqualTo("invalid_client"));
        Assert.That(waiting.Concat(later).Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(102));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetTokenAsync_CredentialsRefusedForOneKey_HoldsBackAllKeys()
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));
        await client.FailureAsync(KeyNames.Request(1));

        SpidException? other = await client.FailureAsync(KeyNames.Request(2));

        Assert.That(other!.OAuthError, Is.EqualTo("invalid_client"));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetTokenAsync_ScopeRefusedForOneKey_HoldsBackThatKeyOnly()
    {
        using var client = new DrivenClient();
        client.Spid.Answer = (_, form, _) => Task.FromResult(
            KeyNames.InForm(form) == KeyNames.Of(1) ? StubSpid.Error(400, "invalid_scope") : StubSpid.Token("other"));
        await client.FailureAsync(KeyNames.Request(1));

        SpidException? same = await client.FailureAsync(KeyNames.Request(1));
        ServerToken other = await client.Tokens.GetTokenAsync(KeyNames.Request(2));

        Assert.That(same!.OAuthError, Is.EqualTo("invalid_scope"));
        Assert.That(other.AccessToken, Is.EqualTo("other"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(408)]
    [TestCase(429)]
    public async Task GetTokenAsync_TransientError_IsTriedThreeTimesAndThenOnceAtATime(int status)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(status));

        await client.FailureAsync();
        int first = client.Spid.Count;
        await client.FailureAsync();
        int remembered = client.Spid.Count;
        List<int> perInterval = [];
        foreach (double seconds in new[] { 1.0, 2, 4, 8, 16, 30, 30, 30 })
        {
            int before = client.Spid.Count;
            client.Time.Advance(TimeSpan.FromSeconds(seconds));
            await client.FailureAsync();
            perInterval.Add(client.Spid.Count - before);
        }

        Assert.That(first, Is.EqualTo(3));
        Assert.That(remembered, Is.EqualTo(3));
        Assert.That(perInterval, Has.All.EqualTo(1));
    }

    [Test]
    public async Task GetTokenAsync_NetworkFailure_IsTransientAndTriedThreeTimes()
    {
        using var client = new DrivenClient();
        client.Spid.Answer = (_, _, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");

        SpidException? failure = await client.FailureAsync();

        Assert.That(failure!.Kind, Is.EqualTo(SpidErrorKind.Transient));
        Assert.That(failure.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
        Assert.That(client.Spid.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task GetTokenAsync_ProtocolError_IsNotRetriedAndBacksOff()
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Json(System.Net.HttpStatusCode.OK, "<html>maintenance</html>"));

        SpidException? failure = await client.FailureAsync();
        for (int second = 0; second < 60; second++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(1));
            await client.FailureAsync();
        }

        Assert.That(failure!.Kind, Is.EqualTo(SpidErrorKind.Protocol));
        Assert.That(client.Spid.Count, Is.InRange(5, 10));
    }

    [Test]
    public async Task GetTokenAsync_SuccessAfterFailures_TriesThreeTimesAgainAtTheNextFailure(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        await client.FailureAsync();
        client.Time.Advance(TimeSpan.FromSeconds(2));
        client.Spid.AnswerWith(_ => StubSpid.Token("brief", expiresIn: 5));
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(6));
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        int before = client.Spid.Count;

        await client.FailureAsync();

        Assert.That(client.Spid.Count - before, Is.EqualTo(3));
    }

    [Test]
    public async Task GetTokenAsync_DeadEndpointAndThousandKeys_BreakerBoundsTheRequests()
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        List<SpidException?> failures = [];

        for (int key = 0; key < 1000; key++)
        {
            failures.Add(await client.FailureAsync(KeyNames.Request(key)));
        }

        int atOnce = client.Spid.Count;
        for (int round = 0; round < 4; round++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(15.1));
            for (int key = 0; key < 1000; key++)
            {
                await client.FailureAsync(KeyNames.Request(key));
            }
        }

        Assert.That(atOnce, Is.LessThanOrEqualTo(10));
        Assert.That(client.Spid.Count - atOnce, Is.LessThanOrEqualTo(4), "one probe for each break");
        Assert.That(failures, Has.All.Property(nameof(SpidException.Kind)).EqualTo(SpidErrorKind.Transient));
    }

    [Test]
    public async Task GetTokenAsync_LoggerThrows_CallersGetTheFailureAndNobodyHangs()
    {
        using var client = new DrivenClient(loggerFactory: new ThrowingLoggerFactory());
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));

        SpidException? first = await client.FailureAsync();
        SpidException? second = await client.FailureAsync();

        Assert.That(first!.OAuthError, Is.EqualTo("invalid_client"));
        Assert.That(second!.OAuthError, Is.EqualTo("invalid_client"));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }
}
