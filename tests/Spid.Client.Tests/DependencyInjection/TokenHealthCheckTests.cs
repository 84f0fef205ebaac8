using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

[CancelAfter(60_000)]
internal sealed class TokenHealthCheckTests
{
    private readonly SpidServices _services = new();

    [Test]
    public async Task CheckHealthAsync_NobodyAsked_IsHealthyAndMakesNoCall(CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = Build();

        HealthReportEntry entry = await CheckAsync(provider, cancellationToken);

        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Healthy, "No token is held, for none has been needed lately.")));
        Assert.That(entry.Data, Is.Empty);
        Assert.That(_services.Spid.Count, Is.Zero);
    }

    [Test]
    public async Task CheckHealthAsync_FreshToken_IsHealthyWithSecondsLeft(CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = Build();
        await provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken);
        _services.Time.Advance(TimeSpan.FromSeconds(100));

        HealthReportEntry entry = await CheckAsync(provider, cancellationToken);

        Assert.That((entry.Status, entry.Data["seconds_left"]), Is.EqualTo((HealthStatus.Healthy, 800.0)));
        Assert.That(_services.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task CheckHealthAsync_RefreshFailedButTokenLives_IsDegraded(CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        await FailRefreshAsync(tokens, tokens.Cache.Default, StubSpid.Error(400, "invalid_scope"), cancellationToken);

        HealthReportEntry entry = await CheckAsync(provider, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
            Assert.That(entry.Description, Does.StartWith("The token cannot be renewed. https://identity-pre.schibsted.com/oauth/token answered 400 invalid_scope."));
            Assert.That(entry.Data["error"], Is.EqualTo("invalid_scope"));
            Assert.That(entry.Data["seconds_left"], Is.EqualTo(50.0));
            Assert.That(_services.Spid.Count, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task CheckHealthAsync_FailureNoLongerHoldsCallsBack_IsDegradedSoThatTrafficReturns(CancellationToken cancellationToken)
    {
        _services.Spid.AnswerWith(_ => StubSpid.Error(400, "invalid_client"));
        await using ServiceProvider provider = Build();
        await Assert.ThrowsAsync<SpidException>(async () => await provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken));
        _services.Time.Advance(TimeSpan.FromSeconds(30));

        HealthReportEntry entry = await CheckAsync(provider, cancellationToken);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.StartWith("The last request failed; the next call asks again."));
        Assert.That(_services.Spid.Count, Is.EqualTo(1));
    }

    [TestCase(null, HealthStatus.Unhealthy)]
    [TestCase(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task CheckHealthAsync_NoTokenToBeHad_IsTheFailureStatus(HealthStatus? failureStatus, HealthStatus expected, CancellationToken cancellationToken)
    {
        _services.Spid.AnswerWith(_ => StubSpid.Error(429));
        await using ServiceProvider provider = Build(failureStatus: failureStatus);
        await Assert.ThrowsAsync<SpidException>(async () => await provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken));

        HealthReportEntry entry = await CheckAsync(provider, cancellationToken);

        Assert.That((entry.Status, entry.Data["error"]), Is.EqualTo((expected, "Throttled")));
        Assert.That(entry.Description, Does.StartWith("There is no token."));
    }

    [Test]
    public async Task CheckHealthAsync_ClientWideErrorWhileEveryTokenInUseLives_IsDegraded(CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        TokenEntry handlers = tokens.Cache.Hold(new TokenRequest("of-a-handler"));
        await FailRefreshAsync(tokens, handlers, StubSpid.Error(429), cancellationToken);

        HealthReportEntry entry = await CheckAsync(provider, cancellationToken);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded), "the default token has never been asked for, so nobody misses it");
    }

    [Test]
    public async Task CheckHealthAsync_AfterRecovery_IsHealthyAgain(CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        await FailRefreshAsync(tokens, tokens.Cache.Default, StubSpid.Error(429), cancellationToken);
        _services.Spid.AnswerWith(_ => StubSpid.Token("recovered"));
        _services.Time.Advance(TimeSpan.FromHours(1));
        await tokens.GetTokenAsync(cancellationToken);

        Assert.That((await CheckAsync(provider, cancellationToken)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task AddSpidToken_NamedClient_ReportsUnderItsNameWithTags(CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = Build("named");

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken);

        Assert.That(report.Entries.Keys, Is.EqualTo(new[] { "spid-token:named" }));
        Assert.That(report.Entries.Values.Single().Tags, Is.EqualTo(new[] { "ready" }));
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider provider, CancellationToken cancellationToken) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken)).Entries["spid-token"];

    private ServiceProvider Build(string name = "", HealthStatus? failureStatus = null)
    {
        _services.Stub(_services.AddSpidClientCredentials(name, options =>
        {
            ApiRig.CopyTo(options);
            options.Resilience.RetryAttempts = 0;
        }));
        _services.AddHealthChecks().AddSpidToken(name, failureStatus, ["ready"]);
        return _services.Build();
    }

    /// <summary>Obtains a token, lets it age past its refresh time and its refresh fail.</summary>
    private async Task FailRefreshAsync(TokenClient tokens, TokenEntry entry, HttpResponseMessage failure, CancellationToken cancellationToken)
    {
        await entry.GetAsync(cancellationToken);
        _services.Spid.AnswerWith(_ => failure);
        _services.Time.Advance(TimeSpan.FromSeconds(850));
        await entry.GetAsync(cancellationToken);
        while (entry.IsFetching)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.That(tokens.Cache.Held, Has.Member(entry));
    }
}
