using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>A token never reaches a caller who asked for another one (CVE-2025-26620).</summary>
[CancelAfter(300_000)]
internal sealed class CrossTalkTests
{
    [Test(Description = "S6")]
    public async Task GetTokenAsync_SixtyFourCallersFiveHundredKeysEvictedAndReloaded_EveryTokenNamesItsKey(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 50);
        client.Spid.Answer = async (number, form, _) =>
        {
            await Task.Yield();
            return StubSpid.Token($"{KeyNames.InForm(form)}.{number}", expiresIn: 1 + (number % 5));
        };
        int mismatches = 0;

        Task[] threads = [.. Enumerable.Range(0, 64).Select(thread => Task.Run(() => CallAsync(thread), cancellationToken))];
        Task changes = Task.Run(ChangeOptionsAsync, cancellationToken);
        await Task.WhenAll([.. threads, changes]);

        Assert.That(mismatches, Is.Zero);
        Assert.That(client.Spid.Count, Is.GreaterThan(500));

        async Task CallAsync(int seed)
        {
            var random = new Random(seed);
            for (int call = 0; call < 400; call++)
            {
                int key = random.Next(500);
                ServerToken token = await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
                if (random.Next(20) == 0)
                {
                    token = await client.Tokens.RenewTokenAsync(token, cancellationToken) ?? token;
                }

                if (token.AccessToken.Split('.')[0] != KeyNames.Of(key) || token.Request!.Scope != KeyNames.Of(key))
                {
                    Interlocked.Increment(ref mismatches);
                }
            }
        }

        async Task ChangeOptionsAsync()
        {
            for (int change = 0; change < 50; change++)
            {
                SpidClientOptions options = TestClient.Options();
                options.Cache.MaximumEntries = 50;
                options.ClientSecret = $"secret-{change}";
                client.Tokens.Apply(options);
                client.Time.Advance(TimeSpan.FromMilliseconds(100));
                int seen = client.Spid.Count;
                await Wait.UntilAsync(() => client.Spid.Count > seen || threads.All(thread => thread.IsCompleted));
            }
        }
    }
}
