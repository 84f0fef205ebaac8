using Microsoft.Extensions.Time.Testing;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <content>Requests past the cache, the second secret, and changing options.</content>
internal sealed partial class TokenClientTests
{
    [Test]
    public async Task RequestTokenAsync_TokenIsCached_GoesToTheWireAndLeavesTheCacheAlone(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken cached = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken[] requested =
        [
            await client.Tokens.RequestTokenAsync(cancellationToken),
            await client.Tokens.RequestTokenAsync(new TokenRequest("read:messages"), cancellationToken),
        ];

        Assert.That(requested.Select(token => token.AccessToken), Is.EqualTo(new[] { "token-2", "token-3" }));
        Assert.That(await client.Tokens.GetTokenAsync(cancellationToken), Is.SameAs(cached));
    }

    [Test]
    public async Task RequestTokenAsync_NothingIsCached_CachesNothing(CancellationToken cancellationToken)
    {
        using var client = new TestClient();

        await client.Tokens.RequestTokenAsync(cancellationToken);
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token-2"));
    }

    [Test]
    public async Task RequestTokenAsync_CallerCancels_EndsTheRequestItself(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Hang();
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ServerToken> call = client.Tokens.RequestTokenAsync(impatience.Token);
        await Wait.UntilAsync(() => client.Blocked == 1);

        await impatience.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>().With.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(impatience.Token));
        Assert.That(client.Blocked, Is.Zero);
    }

    [Test]
    public async Task RequestTokenAsync_CacheRemembersAFailure_AsksSpidAllTheSame(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));
        await client.FailureAsync();
        client.Spid.AnswerWith(_ => StubSpid.Token("direct"));

        ServerToken direct = await client.Tokens.RequestTokenAsync(cancellationToken);
        SpidException? cached = await client.FailureAsync();

        Assert.That(direct.AccessToken, Is.EqualTo("direct"));
        Assert.That(cached!.OAuthError, Is.EqualTo("invalid_client"));
    }

    [Test]
    public async Task RequestTokenAsync_Fails_LeavesNoMemoryInTheCache(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(400, "invalid_scope"));
        Assert.That(async () => await client.Tokens.RequestTokenAsync(cancellationToken), Throws.InstanceOf<SpidException>().With.Property(nameof(SpidException.OAuthError)).EqualTo("invalid_scope"));
        client.Spid.AnswerWith(_ => StubSpid.Token("cached"));

        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("cached"));
    }

    [Test]
    public async Task GetTokenAsync_FirstSecretRefusedForManyKeysAtOnce_EachGetsItsTokenByTheSecondSecret(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid { Answer = (_, form, _) => Task.FromResult(StubSpid.Token(KeyNames.InForm(form))) };
        using var gate = new SecretGate(spid, BasicValue("second"));
        using var httpClient = new HttpClient(gate);
        SpidClientOptions options = TestClient.Options();
        options.SecondaryClientSecret = "second";
        using var tokens = new TokenClient(options, httpClient, new FakeTimeProvider());

        ServerToken[] obtained = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            key => Task.Run(() => tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken).AsTask(), cancellationToken)));
        int refused = gate.Refused;
        await tokens.GetTokenAsync(KeyNames.Request(1000), cancellationToken);

        Assert.That(obtained.Select(token => token.AccessToken), Is.EqualTo(Enumerable.Range(0, 200).Select(KeyNames.Of)));
        Assert.That(refused, Is.LessThanOrEqualTo(200));
        Assert.That(gate.Refused, Is.EqualTo(refused), "the accepted secret comes first from now on");
    }

    [Test]
    public async Task GetTokenAsync_BothSecretsRefused_AsksTwiceAndRemembersTheRefusal()
    {
        using var client = new DrivenClient(options => options.SecondaryClientSecret = "second");
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));

        SpidException? failure = await client.FailureAsync();
        await client.FailureAsync();

        Assert.That(failure!.OAuthError, Is.EqualTo("invalid_client"));
        Assert.That(client.Spid.Authorizations.Distinct().Count(), Is.EqualTo(2));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    private static string BasicValue(string secret) =>
        "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{TestClient.Options().ClientId}:{secret}"));
}
