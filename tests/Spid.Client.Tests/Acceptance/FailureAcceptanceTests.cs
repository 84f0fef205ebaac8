using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Acceptance;

/// <summary>The acceptance tests of outages, keys and changing options; each has a library in use today that fails it.</summary>
[CancelAfter(60_000)]
internal sealed class FailureAcceptanceTests
{
    [Test(Description = "Acceptance 5")]
    public async Task GetTokenAsync_EndpointDownWithValidToken_NoCallFailsUntilRealExpiry(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        DateTimeOffset expiry = client.Time.GetUtcNow() + TimeSpan.FromSeconds(900);
        int failed = 0;

        while (client.Time.GetUtcNow() < expiry)
        {
            failed += await client.FailureAsync() is null ? 0 : 1;
            await client.SettleAsync();
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        SpidException? afterwards = await client.FailureAsync();
        Assert.That(failed, Is.Zero);
        Assert.That(afterwards!.Kind, Is.EqualTo(SpidErrorKind.Transient));
    }

    [Test(Description = "Acceptance 5")]
    public async Task GetTokenAsync_EndpointDownWithoutToken_RequestRateIsBounded()
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        DateTimeOffset end = client.Time.GetUtcNow() + TimeSpan.FromMinutes(10);

        while (client.Time.GetUtcNow() < end)
        {
            await client.FailureAsync();
            client.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(client.Spid.Count, Is.InRange(20, 50));
    }

    [Test(Description = "Acceptance 8")]
    public async Task GetTokenAsync_ExtraParametersDiffer_NeverCollide(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        TokenRequest[] different =
        [
            new("a"),
            new("A"),
            new("a b"),
            new("ab"),
            new("a", "https://b.example"),
            new("a", "https://b.example/"),
            new("a", "https://b.example", "https://c.example"),
            new("a", [], [new("tenant", "A")]),
            new("a", [], [new("tenant", "B")]),
            new("a", [], [new("tenant", "a")]),
            new("a", [], [new("tenant", "A&x=1")]),
            new("a", [], [new("tenant", "A"), new("x", "1")]),
            new("a", [], [new("tenantA", "")]),
            new("a", [], [new("tenant", "A\0x")]),
        ];

        List<ServerToken> first = [];
        List<ServerToken> second = [];
        foreach (TokenRequest request in different)
        {
            first.Add(await client.Tokens.GetTokenAsync(request, cancellationToken));
        }

        foreach (TokenRequest request in different)
        {
            second.Add(await client.Tokens.GetTokenAsync(request, cancellationToken));
        }

        Assert.That(first.Select(token => token.AccessToken), Is.Unique);
        Assert.That(second, Is.EqualTo(first));
        Assert.That(client.Spid.Count, Is.EqualTo(different.Length));
    }

    [Test(Description = "Acceptance 8")]
    public async Task GetTokenAsync_OrderOfScopesResourcesOrParametersDiffers_SharesOneToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        TokenRequest[] same =
        [
            new("a b", ["https://x.example", "https://y.example"], [new("p", "1"), new("q", "2")]),
            new("b a", ["https://y.example", "https://x.example"], [new("q", "2"), new("p", "1")]),
            new(" b  a b ", ["https://y.example", "https://x.example", "https://y.example"], [new("q", "2"), new("p", "1")]),
        ];

        List<ServerToken> tokens = [];
        foreach (TokenRequest request in same)
        {
            tokens.Add(await client.Tokens.GetTokenAsync(request, cancellationToken));
        }

        Assert.That(tokens, Has.All.SameAs(tokens[0]));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "Acceptance 11")]
    public async Task Apply_SecretChanged_NextFetchUsesItAndTheOldTokenIsServedMeanwhile(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        ServerToken old = await client.Tokens.GetTokenAsync(cancellationToken);
        SpidClientOptions changed = TestClient.Options();
        changed.ClientSecret = "regenerated";

        client.Tokens.Apply(changed);
        ServerToken meanwhile = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync(2);
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);
        ServerToken named = await client.Tokens.GetTokenAsync(new TokenRequest("read:messages"), cancellationToken);

        string expected = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{changed.ClientId}:regenerated"));
        Assert.That(meanwhile, Is.SameAs(old));
        Assert.That(token, Is.Not.SameAs(old));
        Assert.That(named, Is.SameAs(token));
        Assert.That(client.Spid.Authorizations.Last(), Is.EqualTo("Basic " + expected));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "Acceptance 11")]
    public async Task Apply_SecretMendedWhileRefusalIsRemembered_NextCallAsksAtOnce(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));
        await client.FailureAsync();
        client.Spid.AnswerWith(_ => StubSpid.Token("mended"));
        SpidClientOptions changed = TestClient.Options();
        changed.ClientSecret = "regenerated";

        client.Tokens.Apply(changed);
        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("mended"));
    }
}
