using Microsoft.Extensions.Logging.Abstractions;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <content>Options that change under the client.</content>
internal sealed partial class TokenClientTests
{
    [TestCaseSource(nameof(OtherTokens))]
    public async Task Apply_FetchForOtherTokensEndsLater_NewCacheDoesNotHoldItsToken(Action<SpidClientOptions> change, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        TaskCompletionSource open = client.HoldFirstAnswer();
        Task<ServerToken> old = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(Changed(change));
        open.SetResult();
        await old;
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token-2"));
    }

    [Test]
    public async Task Apply_FetchUnderOldOptionsFailsLater_NewCacheDoesNotRememberIt(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            if (number == 1)
            {
                await open.Task;
                return StubSpid.Error(401, "invalid_client");
            }

            return StubSpid.Token($"token-{number}");
        };
        Task<SpidException?> old = client.FailureAsync();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        client.Tokens.Apply(WithSecret("new-secret"));
        open.SetResult();
        SpidException? failure = await old;
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(failure!.OAuthError, Is.EqualTo("invalid_client"));
        Assert.That(token.AccessToken, Is.EqualTo("token-2"));
    }

    [Test]
    public async Task Apply_SameOptions_KeepsTheCache(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        client.Tokens.Apply(TestClient.Options());

        Assert.That(await client.Tokens.GetTokenAsync(cancellationToken), Is.SameAs(token));
    }

    [Test]
    public void Apply_AnotherChangeComesInBetween_TheLaterOneStands()
    {
        TokenClient? tokens = null;
        using var httpClient = new HttpClient(new StubSpid());
        var parts = new TokenClientParts
        {
            TimeProvider = TimeProvider.System,
            Logger = NullLogger.Instance,
            GetHttpClient = () => httpClient,
            CreatePipeline = settings =>
            {
                if (settings.ClientId == "later")
                {
                    tokens!.Apply(WithId("between"));
                }

                return Polly.ResiliencePipeline.Empty;
            },
        };
        using (tokens = new TokenClient("", TestClient.Options(), parts, owned: null))
        {
            SpidClientOptions later = WithId("later");

            // The one in between is applied once: its own pipeline asks for nothing further.
            tokens.Apply(later);

            Assert.That(tokens.Cache.Settings.ClientId, Is.EqualTo("later"));
        }
    }

    [Test]
    public void Apply_AfterDispose_DoesNothing()
    {
        var client = new TestClient();
        client.Dispose();

        client.Tokens.Apply(WithSecret("new-secret"));

        Assert.That(() => client.Tokens.Cache, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Apply_ClientIsDisposedMeanwhile_DoesNotThrow()
    {
        using var loggerFactory = new ReactingLoggerFactory();
        using var httpClient = new HttpClient(new StubSpid());
        using var tokens = new TokenClient(TestClient.Options(), httpClient, loggerFactory: loggerFactory);
        loggerFactory.React = tokens.Dispose;

        Assert.That(() => tokens.Apply(WithSecret("new-secret")), Throws.Nothing);
        Assert.That(() => tokens.Cache, Throws.InstanceOf<ObjectDisposedException>());
    }

    private static SpidClientOptions WithSecret(string secret)
    {
        SpidClientOptions options = TestClient.Options();
        options.ClientSecret = secret;
        return options;
    }

    private static SpidClientOptions WithId(string clientId)
    {
        SpidClientOptions options = TestClient.Options();
        options.ClientId = clientId;
        return options;
    }
}
