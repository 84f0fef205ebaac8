using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <summary>Which requests share an entry, and what happens when the cache is full.</summary>
[CancelAfter(60_000)]
internal sealed class TokenCacheTests
{
    [Test]
    public async Task GetTokenAsync_CacheFull_CallerGetsTheTokenAndNewcomerIsCached(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 10);
        client.Spid.Answer = (_, form, _) => Task.FromResult(StubSpid.Token(KeyNames.InForm(form)));
        for (int key = 0; key < 50; key++)
        {
            ServerToken token = await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
            ValueTask<ServerToken> again = client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);

            Assert.That(again.IsCompletedSuccessfully, Is.True);
            Assert.That(token.AccessToken, Is.EqualTo(KeyNames.Of(key)));
            Assert.That(await again, Is.SameAs(token));
        }

        Assert.That(client.Spid.Count, Is.EqualTo(50));
    }

    [Test]
    public async Task GetTokenAsync_CacheFull_LeastRecentlyUsedLeaves(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 10);
        for (int key = 0; key < 10; key++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        await client.Tokens.GetTokenAsync(KeyNames.Request(0), cancellationToken);
        await client.Tokens.GetTokenAsync(KeyNames.Request(10), cancellationToken);
        await client.Tokens.GetTokenAsync(KeyNames.Request(0), cancellationToken);
        int used = client.Spid.Count;
        await client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken);

        Assert.That(used, Is.EqualTo(11), "what was used last stays");
        Assert.That(client.Spid.Count, Is.EqualTo(12), "what was used first is asked for again");
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task GetTokenAsync_TinyCacheAndPartialRequest_KeepsItsToken(int maximumEntries, CancellationToken cancellationToken)
    {
        using var client = new TestClient(options =>
        {
            options.Cache.MaximumEntries = maximumEntries;
            options.Resources.Add("https://api.example.com");
        });

        for (int call = 0; call < 20; call++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken);
        }

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetTokenAsync_EntryEvictedDuringItsFetch_NewcomerJoinsThatFetch(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 2);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (_, form, _) =>
        {
            if (KeyNames.InForm(form) == KeyNames.Of(0))
            {
                await open.Task;
            }

            return StubSpid.Token(KeyNames.InForm(form));
        };
        Task<ServerToken> first = client.Tokens.GetTokenAsync(KeyNames.Request(0), cancellationToken).AsTask();
        for (int key = 1; key <= 5; key++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        Task<ServerToken> second = client.Tokens.GetTokenAsync(KeyNames.Request(0), cancellationToken).AsTask();
        open.SetResult();
        ServerToken[] tokens = await Task.WhenAll(first, second);

        Assert.That(tokens[1], Is.SameAs(tokens[0]));
        Assert.That(client.Spid.Count, Is.EqualTo(6));
    }

    [Test]
    public async Task GetTokenAsync_ManyCallersWhileFull_StillShareOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 1);
        await client.Tokens.GetTokenAsync(KeyNames.Request(0), cancellationToken);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        var calls = new Task<ServerToken>[1000];

        Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken).AsTask());
        open.SetResult();
        await Task.WhenAll(calls);

        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task GetTokenAsync_PartialAndFullRequest_ShareOneEntry(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options =>
        {
            options.Resources.Add("https://api.example.com");
            options.Parameters["audience"] = "one";
        });
        TokenRequest[] names =
        [
            new("write"),
            new("write", "https://api.example.com"),
            new("write", ["https://api.example.com"], [new("audience", "one")]),
            new("write", [], [new("audience", "one")]),
        ];

        ServerToken[] tokens = await Task.WhenAll(names.Select(name => client.Tokens.GetTokenAsync(name, cancellationToken).AsTask()));

        Assert.That(tokens, Has.All.SameAs(tokens[0]));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetTokenAsync_RequestEqualToTheOptions_SharesTheDefaultEntry(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Scope = "b a");
        ServerToken byDefault = await client.Tokens.GetTokenAsync(cancellationToken);

        ServerToken[] named =
        [
            await client.Tokens.GetTokenAsync(new TokenRequest("a b"), cancellationToken),
            await client.Tokens.GetTokenAsync(new TokenRequest("b a a"), cancellationToken),
            await client.Tokens.GetTokenAsync(new TokenRequest(null), cancellationToken),
        ];

        Assert.That(named, Has.All.SameAs(byDefault));
        Assert.That(client.Tokens.Cache.Get(new TokenRequest("a b")), Is.SameAs(client.Tokens.Cache.Default));
    }

    [Test]
    public void Hold_RequestWasAskedForBefore_AdoptsItsEntry()
    {
        using var client = new TestClient();
        TokenEntry asked = client.Tokens.Cache.Get(new TokenRequest("write"));

        TokenEntry held = client.Tokens.Cache.Hold(new TokenRequest("write"));

        Assert.That(held, Is.SameAs(asked));
    }

    [Test]
    public async Task GetTokenAsync_KeptRequestOfAnEvictedEntry_FindsTheOneThatTookItsPlace(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 2);
        TokenRequest kept = KeyNames.Request(0);
        await client.Tokens.GetTokenAsync(kept, cancellationToken);
        await client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken);
        await client.Tokens.GetTokenAsync(KeyNames.Request(2), cancellationToken);
        ServerToken other = await client.Tokens.GetTokenAsync(KeyNames.Request(0), cancellationToken);

        client.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await client.Tokens.GetTokenAsync(kept, cancellationToken), Is.SameAs(other));
    }

    [Test]
    public async Task GetTokenAsync_OneRequestForTwoClients_EachGetsItsOwnToken(CancellationToken cancellationToken)
    {
        using var one = new TestClient();
        using var other = new TestClient();
        TokenRequest kept = KeyNames.Request(0);
        ServerToken first = await one.Tokens.GetTokenAsync(kept, cancellationToken);
        ServerToken second = await other.Tokens.GetTokenAsync(kept, cancellationToken);

        Assert.That(await one.Tokens.GetTokenAsync(kept, cancellationToken), Is.SameAs(first).And.Not.SameAs(second));
        Assert.That(await other.Tokens.GetTokenAsync(kept, cancellationToken), Is.SameAs(second));
    }

    [Test]
    public async Task GetTokenAsync_KeptRequestUsedAllTheTime_IsNotEvicted(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 10);
        TokenRequest kept = KeyNames.Request(0);
        ServerToken token = await client.Tokens.GetTokenAsync(kept, cancellationToken);
        for (int key = 1; key <= 50; key++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(1));
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);

            Assert.That(await client.Tokens.GetTokenAsync(kept, cancellationToken), Is.SameAs(token));
        }
    }

    [Test]
    public async Task RenewTokenAsync_OtherNameOfTheEntryWasEvicted_TheOtherNameSeesTheNewToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options =>
        {
            options.Cache.MaximumEntries = 4;
            options.Resources.Add("https://api.example.com");
        });
        ServerToken rejected = await client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken);
        for (int key = 2; key < 12; key++)
        {
            await client.Tokens.GetTokenAsync(new TokenRequest(KeyNames.Of(key), "https://api.example.com"), cancellationToken);
            Assert.That(await client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken), Is.SameAs(rejected));
        }

        ServerToken? renewed = await client.Tokens.RenewTokenAsync(rejected, cancellationToken);
        ServerToken next = await client.Tokens.GetTokenAsync(KeyNames.Request(1), cancellationToken);

        Assert.That(renewed, Is.Not.Null.And.Not.SameAs(rejected));
        Assert.That(next, Is.SameAs(renewed));
    }
}
