using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <content>botocore, golang.org/x/oauth2, Vault and Spring Security.</content>
internal sealed partial class TokenClientTests
{
    [Test(Description = "botocore B1: after a failed refresh an expired token is given out for a minute")]
    public async Task GetTokenAsync_RefreshFailedShortlyBeforeExpiry_ExpiredTokenIsNeverGivenOut(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        client.Time.Advance(TimeSpan.FromSeconds(899));
        await client.FailureAsync();

        List<SpidException?> afterExpiry = [];
        for (int second = 1; second <= 60; second++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(1));
            afterExpiry.Add(await client.FailureAsync());
        }

        Assert.That(afterExpiry, Has.All.Not.Null);
    }

    [Test(Description = "golang/oauth2 X1, #262, #388: a hung endpoint blocks every caller and their own contexts are ignored")]
    public async Task GetTokenAsync_EndpointHangs_CallerWithItsOwnTimeoutLeavesAndOtherKeysAreServed(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.Answer = async (_, form, token) => KeyNames.InForm(form) == KeyNames.Of(1)
            ? await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(token)
            : StubSpid.Token("other");
        using var impatience = new CancellationTokenSource();
        Task<ServerToken> stuck = client.Tokens.GetTokenAsync(KeyNames.Request(1), impatience.Token).AsTask();
        await Wait.UntilAsync(() => client.Spid.Count == 1);

        ServerToken other = await client.Tokens.GetTokenAsync(KeyNames.Request(2), cancellationToken);
        await impatience.CancelAsync();

        Assert.That(other.AccessToken, Is.EqualTo("other"));
        Assert.That(async () => await stuck, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test(Description = "golang/oauth2 X4: a token without expires_in is cached for ever")]
    public async Task GetTokenAsync_NoExpiresIn_IsNotKept(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", expiresIn: null));

        ServerToken first = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(1));
        ServerToken second = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(new[] { first.AccessToken, second.AccessToken }, Is.EqualTo(new[] { "token-1", "token-2" }));
        Assert.That(client.Tokens.Cache.Default.SecondsLeft, Is.Null);
    }

    [Test(Description = "Vault #20645, OpenBao #3747: the back-off is thrown away and the renewal runs in a tight loop")]
    public async Task GetTokenAsync_RefreshFailsWhileTokenLives_AttemptsKeepGrowingDistances(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(_ => StubSpid.Token("long", 36_000));
        await client.Tokens.GetTokenAsync(cancellationToken);
        List<DateTimeOffset> attempts = [];
        client.Spid.AnswerWith(_ =>
        {
            attempts.Add(client.Time.GetUtcNow());
            return StubSpid.Error(503);
        });
        client.Time.Advance(TimeSpan.FromSeconds(31_000));
        DateTimeOffset end = client.Time.GetUtcNow() + TimeSpan.FromHours(1);

        while (client.Time.GetUtcNow() < end)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromMilliseconds(250));
        }

        TimeSpan[] gaps = [.. attempts.Zip(attempts.Skip(1), (earlier, later) => later - earlier)];
        Assert.That(attempts, Has.Count.InRange(120, 250));
        Assert.That(gaps, Has.All.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5)));
        Assert.That(gaps.Skip(6), Has.All.InRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30.25)));
    }

    [Test(Description = "Spring Security S3: a late refusal of an old token evicts a fresh one")]
    public async Task RenewTokenAsync_LateRefusalOfAnOldToken_KeepsTheFreshOne(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken old = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(900));
        ServerToken fresh = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken? renewed = await client.Tokens.RenewTokenAsync(old, cancellationToken);

        Assert.That(renewed, Is.SameAs(fresh));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }
}
