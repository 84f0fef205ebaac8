using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <content>Duende.AccessTokenManagement.</content>
internal sealed partial class TokenClientTests
{
    [Test(Description = "Duende D1: a new token every minute, whatever its lifetime")]
    public async Task GetTokenAsync_HourLongTokenForAnHour_SendsAtMostTwoRequests(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", 3600));

        for (int second = 0; second < 3600; second += 5)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
            await client.SettleAsync(client.Spid.Count);
            client.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(client.Spid.Count, Is.LessThanOrEqualTo(2));
    }

    [Test(Description = "Duende D2: extra parameters are not part of the key, nor is the configured scope")]
    public async Task GetTokenAsync_ExtraParameterOrConfiguredScopeDiffers_GivesAnotherToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken tenantA = await client.Tokens.GetTokenAsync(new TokenRequest(null, [], [new("tenant", "A")]), cancellationToken);
        ServerToken tenantB = await client.Tokens.GetTokenAsync(new TokenRequest(null, [], [new("tenant", "B")]), cancellationToken);
        SpidClientOptions changed = TestClient.Options();
        changed.Scope = "write:messages";

        ServerToken before = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Tokens.Apply(changed);
        ServerToken after = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(new[] { tenantA, tenantB, before, after }.Select(token => token.AccessToken), Is.Unique);
    }

    [Test(Description = "Duende D5: 200 concurrent refusals cost 71 to 81 requests")]
    public async Task RenewTokenAsync_TwoHundredConcurrentRefusals_SendOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken revoked = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken?[] renewed = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            _ => Task.Run(() => client.Tokens.RenewTokenAsync(revoked, cancellationToken).AsTask(), cancellationToken)));

        Assert.That(renewed.Select(token => token?.AccessToken), Has.All.EqualTo("token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [TestCase(1)]
    [TestCase(30)]
    [TestCase(60)]
    [Test(Description = "Duende D6: tokens of a minute or less are never reused")]
    public async Task GetTokenAsync_TokenOfAMinuteOrLess_IsReused(int lifetime, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));

        for (int call = 0; call < 50; call++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
        }

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "Duende D10: 100 calls against a failing endpoint send 100 requests")]
    public async Task GetTokenAsync_HundredCallsAgainstFailingEndpoint_SendThreeRequests()
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(503));

        for (int call = 0; call < 100; call++)
        {
            await client.FailureAsync();
        }

        Assert.That(client.Spid.Count, Is.EqualTo(3));
    }
}
