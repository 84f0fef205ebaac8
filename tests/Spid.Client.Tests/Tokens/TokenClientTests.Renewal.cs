using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

/// <content>Renewal after an API refused a token.</content>
internal sealed partial class TokenClientTests
{
    [Test]
    public async Task RenewTokenAsync_ThousandParallelRefusals_SendOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken rejected = await client.Tokens.GetTokenAsync(cancellationToken);
        var calls = new Task<ServerToken?>[1000];

        // Some find the renewal not begun, some under way, some ended; none may take it for a refusal of the new token.
        Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.RenewTokenAsync(rejected, cancellationToken).AsTask());
        ServerToken?[] renewed = await Task.WhenAll(calls);

        Assert.That(renewed.Select(token => token?.AccessToken), Has.All.EqualTo("token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task RenewTokenAsync_ManyRoundsOfParallelRefusals_NoneIsTakenForARefusalOfTheNewToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken current = await client.Tokens.GetTokenAsync(cancellationToken);
        int paused = 0;

        for (int round = 0; round < 300; round++)
        {
            var calls = new Task<ServerToken?>[16];
            ServerToken rejected = current;
            Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.RenewTokenAsync(rejected, cancellationToken).AsTask());
            ServerToken?[] renewed = await Task.WhenAll(calls);
            paused += renewed.Count(token => token is null);
            current = renewed.OfType<ServerToken>().First();
            client.Time.Advance(TimeSpan.FromSeconds(91));
        }

        Assert.That(paused, Is.Zero);
    }

    [Test]
    public async Task RenewTokenAsync_TokenWasReplacedMeanwhile_GivesTheCachedOneAtOnce(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken old = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.Tokens.RenewTokenAsync(old, cancellationToken);

        ValueTask<ServerToken?> late = client.Tokens.RenewTokenAsync(old, cancellationToken);

        Assert.That(late.IsCompletedSuccessfully, Is.True);
        Assert.That((await late)!.AccessToken, Is.EqualTo("token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task RenewTokenAsync_RenewedTokenRefusedAtOnce_PausesForAMinuteAndThenRenewsAgain(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken? second = await client.Tokens.RenewTokenAsync(first, cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(29));

        ServerToken?[] paused = new ServerToken?[100];
        for (int call = 0; call < paused.Length; call++)
        {
            paused[call] = await client.Tokens.RenewTokenAsync(second!, cancellationToken);
        }

        client.Time.Advance(TimeSpan.FromSeconds(59.9));
        ServerToken? still = await client.Tokens.RenewTokenAsync(second!, cancellationToken);
        int requests = client.Spid.Count;
        client.Time.Advance(TimeSpan.FromSeconds(0.1));
        ServerToken? again = await client.Tokens.RenewTokenAsync(second!, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(paused, Has.All.Null);
            Assert.That(still, Is.Null);
            Assert.That(requests, Is.EqualTo(2));
            Assert.That(again!.AccessToken, Is.EqualTo("token-3"));
        }
    }

    [Test]
    public async Task RenewTokenAsync_RenewedTokenRefusedAfterThirtySeconds_RenewsAgain(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken? second = await client.Tokens.RenewTokenAsync(first, cancellationToken);

        client.Time.Advance(TimeSpan.FromSeconds(30));
        ServerToken? third = await client.Tokens.RenewTokenAsync(second!, cancellationToken);

        Assert.That(third!.AccessToken, Is.EqualTo("token-3"));
    }

    [Test]
    public async Task RenewTokenAsync_ApiRefusesEveryTokenForTenMinutes_SendsTwoRequestsAndOneForEachPause(CancellationToken cancellationToken)
    {
        using var client = new TestClient();

        for (int call = 0; call < 6000; call++)
        {
            ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);
            await client.Tokens.RenewTokenAsync(token, cancellationToken);
            client.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(2 + 10));
    }

    [Test]
    public async Task RenewTokenAsync_RefreshUnderWay_JoinsIt(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken old = await client.Tokens.GetTokenAsync(cancellationToken);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        client.Time.Advance(TimeSpan.FromSeconds(800));
        await client.Tokens.GetTokenAsync(cancellationToken);

        Task<ServerToken?> renewal = client.Tokens.RenewTokenAsync(old, cancellationToken).AsTask();
        open.SetResult();
        ServerToken? renewed = await renewal;

        Assert.That(renewed!.AccessToken, Is.EqualTo("token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task RenewTokenAsync_TokenFromElsewhere_GivesTheCachedOne(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken cached = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken uncached = await client.Tokens.RequestTokenAsync(cancellationToken);

        ServerToken?[] renewed =
        [
            await client.Tokens.RenewTokenAsync(new ServerToken("unknown"), cancellationToken),
            await client.Tokens.RenewTokenAsync(uncached, cancellationToken),
        ];

        Assert.That(renewed, Has.All.SameAs(cached));
    }

    [Test]
    public async Task RenewTokenAsync_CopyOfTheCachedToken_CountsAsTheCachedOne(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken cached = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken? renewed = await client.Tokens.RenewTokenAsync(new ServerToken(cached.AccessToken), cancellationToken);

        Assert.That(renewed!.AccessToken, Is.EqualTo("token-2"));
    }

    [Test]
    public async Task RenewTokenAsync_SpidIssuesTheRefusedTokenAgain_GivesNull(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(_ => StubSpid.Token("always-the-same"));
        ServerToken cached = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken?[] renewed =
        [
            await client.Tokens.RenewTokenAsync(cached, cancellationToken),
            await client.Tokens.RenewTokenAsync(cached, cancellationToken),
        ];

        Assert.That(renewed, Has.All.Null);
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task RenewTokenAsync_SpidFails_ThrowsTheFailureAndIsHeldBack(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        ServerToken rejected = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));

        for (int call = 0; call < 100; call++)
        {
            Assert.That(
                async () => await client.Tokens.RenewTokenAsync(rejected, cancellationToken),
                Throws.InstanceOf<SpidException>().With.Property(nameof(SpidException.Kind)).EqualTo(SpidErrorKind.Transient));
        }

        ServerToken cached = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(2));
        client.Spid.AnswerWith(_ => StubSpid.Token("back"));
        ServerToken? renewed = await client.Tokens.RenewTokenAsync(rejected, cancellationToken);

        Assert.That(cached, Is.SameAs(rejected), "other APIs may accept it");
        Assert.That(renewed!.AccessToken, Is.EqualTo("back"));
        Assert.That(client.Spid.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task RenewTokenAsync_OneWaiterCancels_TheOthersGetTheToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken rejected = await client.Tokens.GetTokenAsync(cancellationToken);
        using var impatience = new CancellationTokenSource();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        Task<ServerToken?> leaving = client.Tokens.RenewTokenAsync(rejected, impatience.Token).AsTask();
        Task<ServerToken?> staying = client.Tokens.RenewTokenAsync(rejected, CancellationToken.None).AsTask();

        await impatience.CancelAsync();
        open.SetResult();
        ServerToken? renewed = await staying;

        Assert.That(async () => await leaving, Throws.InstanceOf<OperationCanceledException>().With.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(impatience.Token));
        Assert.That(renewed!.AccessToken, Is.EqualTo("token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }
}
