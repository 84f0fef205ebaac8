using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <content>What a change of the options does to living tokens, to pauses, and to requests that are under way.</content>
internal sealed partial class TokenClientTests
{
    /// <summary>Gets changes that leave tokens what they are.</summary>
    public static IEnumerable<TestCaseData> SameTokens() =>
    [
        Change("RefreshAfter", options => options.Cache.RefreshAfter = 0.5),
        Change("RenewalPause", options => options.Cache.RenewalPause = TimeSpan.FromSeconds(5)),
        Change("fewer entries", options => options.Cache.MaximumEntries = 100),
        Change("more entries", options => options.Cache.MaximumEntries = 20_000),
        Change("Timeout", options => options.Resilience.Timeout = TimeSpan.FromSeconds(30)),
        Change("AttemptTimeout", options => options.Resilience.AttemptTimeout = TimeSpan.FromSeconds(1)),
        Change("BreakDuration", options => options.Resilience.BreakDuration = TimeSpan.FromSeconds(1)),
        Change("RegistrationEndpoint", options => options.RegistrationEndpoint = new Uri("https://identity-pre.schibsted.com/register")),
        Change("order of scopes", options => options.Scope = " read:messages  read:messages"),
        Change("environment by its address", options => (options.Environment, options.Authority) = (null, new Uri("https://identity-pre.schibsted.com/"))),
        .. OtherCredentials(),
    ];

    /// <summary>Gets changes of what proves who the client is.</summary>
    public static IEnumerable<TestCaseData> OtherCredentials() =>
    [
        Change("ClientSecret", options => options.ClientSecret = "another-secret"),
        Change("SecondaryClientSecret", options => options.SecondaryClientSecret = "another-secret"),
        Change("ClientAuthentication", options => options.ClientAuthentication = SpidClientAuthentication.Body),
        Change("SendOidcHeader", options => options.SendOidcHeader = false),
    ];

    /// <summary>Gets changes after which other tokens are asked for.</summary>
    public static IEnumerable<TestCaseData> OtherTokens() =>
    [
        Change("Environment", options => options.Environment = SpidEnvironment.Norway),
        Change("Authority", options => (options.Environment, options.Authority) = (null, new Uri("https://spid.example.com"))),
        Change("path of Authority", options => (options.Environment, options.Authority) = (null, new Uri("https://identity-pre.schibsted.com/tenant"))),
        Change("TokenEndpoint", options => options.TokenEndpoint = new Uri("https://identity-pre.schibsted.com/connect/token")),
        Change("query of TokenEndpoint", options => options.TokenEndpoint = new Uri("https://identity-pre.schibsted.com/oauth/token?tenant=1")),
        Change("ClientId", options => options.ClientId = "another-id"),
        Change("case of ClientId", options => options.ClientId = options.ClientId!.ToUpperInvariant()),
        Change("Scope", options => options.Scope = "write:messages"),
        Change("no Scope", options => options.Scope = null),
        Change("Resources", options => options.Resources.Add("https://api.example.com")),
        Change("Parameters", options => options.Parameters["audience"] = "one"),
        Change("ClientId and ClientSecret", options => (options.ClientId, options.ClientSecret) = ("another-id", "another-secret")),
    ];

    [TestCaseSource(nameof(SameTokens))]
    [Test(Description = "A15")]
    public async Task Apply_SameTokensAreAskedForAndSpidFails_LivingTokensAreServedUntilTheyExpire(Action<SpidClientOptions> change, CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        var held = new TokenRequest("held");
        var evictable = new TokenRequest("evictable");
        TokenEntry ofHandler = client.Tokens.Cache.Hold(held);
        ServerToken[] before =
        [
            await client.Tokens.GetTokenAsync(cancellationToken),
            await ofHandler.GetAsync(cancellationToken),
            await client.Tokens.GetTokenAsync(evictable, cancellationToken),
        ];
        client.Spid.AnswerWith(_ => StubSpid.Error(503));

        client.Tokens.Apply(Changed(change));

        // The refreshes that fail take time of their own.
        DateTimeOffset lastLook = client.Time.GetUtcNow() + TimeSpan.FromSeconds(800);
        while (client.Time.GetUtcNow() < lastLook)
        {
            ServerToken[] after =
            [
                await client.Tokens.GetTokenAsync(cancellationToken),
                await new TokenSource(client.Tokens, held).Entry.GetAsync(cancellationToken),
                await client.Tokens.GetTokenAsync(evictable, cancellationToken),
            ];
            Assert.That(after, Is.EqualTo(before));
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromSeconds(50));
        }
    }

    [Test(Description = "A15: nobody fails while a token lives")]
    public async Task GetTokenAsync_FetchWithTheOldSecretFailsLate_CallerGetsTheTokenOfTheNewOne(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var refusal = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Spid.Answer = (number, _, _) => number == 1 ? refusal.Task : Task.FromResult(StubSpid.Token("mended"));
        Task<ServerToken> early = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(Changed(options => options.ClientSecret = "the-mended-secret"));
        ServerToken late = await client.Tokens.GetTokenAsync(cancellationToken);
        refusal.SetResult(StubSpid.Json(System.Net.HttpStatusCode.Unauthorized, """{"error":"invalid_client"}"""));

        Assert.That(await early, Is.SameAs(late));
    }

    [TestCaseSource(nameof(OtherTokens))]
    [Test(Description = "A15")]
    public async Task Apply_OtherTokensAreAskedFor_OldOnesAreUnreachable(Action<SpidClientOptions> change, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var request = new TokenRequest("write", "https://api.example.com");
        ServerToken[] before = [await client.Tokens.GetTokenAsync(cancellationToken), await client.Tokens.GetTokenAsync(request, cancellationToken)];

        client.Tokens.Apply(Changed(change));
        ServerToken[] after = [await client.Tokens.GetTokenAsync(cancellationToken), await client.Tokens.GetTokenAsync(request, cancellationToken)];

        Assert.That(after.Intersect(before), Is.Empty);
    }

    [TestCaseSource(nameof(OtherCredentials))]
    [Test(Description = "A15")]
    public async Task Apply_OtherCredentials_AreTriedInTheBackgroundByTheNextCall(Action<SpidClientOptions> change, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken before = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.Answer = async (number, _, token) =>
        {
            await Task.Yield();
            return StubSpid.Token($"token-{number}");
        };

        client.Tokens.Apply(Changed(change));
        ServerToken meanwhile = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync(2);
        ServerToken after = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That((meanwhile, after.AccessToken), Is.EqualTo((before, "token-2")));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "A15")]
    public async Task Apply_NewSecretIsRefused_WarnsAndServesTheOldTokenUntilItExpires(CancellationToken cancellationToken)
    {
        var logs = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        using var client = new DrivenClient(loggerFactory: loggers);
        ServerToken before = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));

        client.Tokens.Apply(WithSecret("mistyped"));
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync();
        ServerToken second = await client.Tokens.GetTokenAsync(cancellationToken);
        string[] warnings = [.. logs.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => $"{record.Level} {record.Message}")];
        client.Time.Advance(TimeSpan.FromSeconds(900));
        SpidException? expired = await client.FailureAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { first, second }, Has.All.SameAs(before));
            Assert.That(warnings, Is.EqualTo(new[] { "Warning SPiD client '' could not renew its token and goes on with the old one: Configuration, error code invalid_client, status 401. https://identity-pre.schibsted.com/oauth/token answered 401 invalid_client. Check ClientId and ClientSecret, and that they belong to this environment; SPiD also answers this for a client without a registered redirect URI." }));
            Assert.That(expired?.OAuthError, Is.EqualTo("invalid_client"));
        }
    }

    [Test(Description = "A15")]
    public async Task Apply_PauseAfterAFailureAndSameCredentials_PauseStays(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(503, retryAfter: TimeSpan.FromSeconds(60)));
        await client.FailureAsync();
        await client.FailureAsync(new TokenRequest("other"));
        int asked = client.Spid.Count;

        client.Tokens.Apply(Changed(options => options.Resilience.Timeout = TimeSpan.FromSeconds(30)));
        SpidException?[] failures = [await client.FailureAsync(), await client.FailureAsync(new TokenRequest("other"))];

        Assert.That(failures, Has.All.Not.Null);
        Assert.That(client.Spid.Count, Is.EqualTo(asked));
    }

    [Test(Description = "A15")]
    public async Task Apply_PauseAfterAFailureAndOtherCredentials_AsksAtOnce(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number => number <= 2 ? StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(60)) : StubSpid.Token($"token-{number}"));
        await client.FailureAsync();

        client.Tokens.Apply(WithSecret("right"));
        client.Spid.AnswerWith(_ => StubSpid.Token("after"));

        Assert.That((await client.Tokens.GetTokenAsync(cancellationToken)).AccessToken, Is.EqualTo("after"));
    }

    [Test(Description = "A15: a failure of the old credentials comes late")]
    public async Task Apply_OldCredentialsFailAfterTheNewOnes_NewOnesAreAskedAgainAfterTheirOwnPause(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            if (number == 1)
            {
                await open.Task;
                return StubSpid.Error(400, "invalid_scope");
            }

            return number == 2 ? StubSpid.Error(503) : StubSpid.Token($"token-{number}");
        };
        Task<ServerToken> old = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(Changed(options => (options.ClientSecret, options.Resilience.RetryAttempts) = ("right", 0)));
        SpidException? failure = await client.FailureAsync();
        open.SetResult();
        await Assert.ThrowsAsync<SpidException>(() => old);
        client.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(failure?.Kind, Is.EqualTo(SpidErrorKind.Transient));
        Assert.That((await client.Tokens.GetTokenAsync(cancellationToken)).AccessToken, Is.EqualTo("token-3"));
    }

    [Test(Description = "A15")]
    public async Task Apply_ResilienceChanged_NewPausesHoldForRememberedFailuresToo(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));
        await client.FailureAsync();

        client.Tokens.Apply(Changed(options => (options.Resilience.RetryAttempts, options.Resilience.ConfigurationErrorMemory) = (0, TimeSpan.FromMinutes(10))));
        client.Time.Advance(TimeSpan.FromSeconds(31));
        SpidException? second = await client.FailureAsync();

        Assert.That(second?.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test(Description = "A15")]
    public async Task Apply_FetchUnderWayWithTheSameCredentials_IsSharedAndItsTokenKept(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        Task<ServerToken> before = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(Changed(options => options.Cache.RefreshAfter = 0.5));
        Task<ServerToken> during = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        open.SetResult();
        ServerToken after = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(new[] { await before, await during }, Has.All.SameAs(after));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "A15")]
    public async Task Apply_FetchUnderWayWithTheOldSecretSucceeds_TokenIsServedAndTheNewSecretTried(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        TaskCompletionSource open = client.HoldFirstAnswer();
        Task<ServerToken> old = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(WithSecret("new-secret"));
        open.SetResult();
        await old;
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync(2);
        ServerToken later = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(new[] { token.AccessToken, later.AccessToken }, Is.EqualTo(new[] { "token-1", "token-2" }));
        Assert.That(client.Spid.Authorizations.Last(), Is.EqualTo(BasicValue("new-secret")));
    }

    [Test(Description = "A15")]
    public async Task Apply_FetchUnderWayWithTheOldSecret_NewCallersDoNotWaitForIt(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        TaskCompletionSource open = client.HoldFirstAnswer();
        Task<ServerToken> old = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(WithSecret("new-secret"));
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);
        open.SetResult();
        ServerToken late = await old;
        ServerToken after = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That((token.AccessToken, late.AccessToken), Is.EqualTo(("token-2", "token-1")));
        Assert.That(after, Is.SameAs(token), "a late token of the old secret does not replace it");
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "A15")]
    public async Task Apply_FewerEntries_LeastRecentlyUsedLeaveAtOnce(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        for (int key = 0; key < 50; key++)
        {
            client.Time.Advance(TimeSpan.FromMilliseconds(1));
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        client.Tokens.Apply(Changed(options => options.Cache.MaximumEntries = 10));
        client.Tokens.Apply(Changed(options => options.Cache.MaximumEntries = 100));
        for (int key = 0; key < 50; key++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        Assert.That(client.Spid.Count, Is.EqualTo(50 + 40));
    }

    private static TestCaseData Change(string name, Action<SpidClientOptions> change) => new TestCaseData(change).SetArgDisplayNames(name);

    private static SpidClientOptions Changed(Action<SpidClientOptions> change)
    {
        SpidClientOptions options = TestClient.Options();
        change(options);
        return options;
    }
}
