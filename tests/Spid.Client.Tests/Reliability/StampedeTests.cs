using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>Many callers at once cost SPiD one request a key.</summary>
[CancelAfter(60_000)]
internal sealed class StampedeTests
{
    [Test(Description = "R1")]
    public async Task GetTokenAsync_HundredThousandColdCallers_SendsOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        var calls = new Task<ServerToken>[100_000];

        Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.GetTokenAsync(cancellationToken).AsTask());
        open.SetResult();
        ServerToken[] tokens = await Task.WhenAll(calls);

        Assert.That(client.Spid.Count, Is.EqualTo(1));
        Assert.That(tokens.All(token => token.AccessToken == "token-1"), Is.True);
    }

    [Test(Description = "R1")]
    public async Task GetTokenAsync_HundredKeysWithThousandCallersEach_SendsHundredRequests(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (_, form, _) =>
        {
            await open.Task;
            return StubSpid.Token(KeyNames.InForm(form));
        };
        var calls = new Task<ServerToken>[100_000];

        Parallel.For(0, calls.Length, index => calls[index] = client.Tokens.GetTokenAsync(KeyNames.Request(index % 100), cancellationToken).AsTask());
        open.SetResult();
        ServerToken[] tokens = await Task.WhenAll(calls);

        Assert.That(client.Spid.Count, Is.EqualTo(100));
        Assert.That(tokens.Index().Count(token => token.Item.AccessToken != KeyNames.Of(token.Index % 100)), Is.Zero);
    }

    [Test(Description = "R1")]
    public async Task GetTokenAsync_TokenInRefreshWindow_ThousandsOfCallersStartOneRefreshAndNoneWaits(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        await client.Tokens.GetTokenAsync(cancellationToken);
        var open = new TaskCompletionSource();
        client.Spid.Answer = async (number, _, _) =>
        {
            await open.Task;
            return StubSpid.Token($"token-{number}");
        };
        client.Time.Advance(TimeSpan.FromSeconds(800));
        int waited = 0;

        Parallel.For(0, 10_000, _ =>
        {
            ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
            if (!call.IsCompletedSuccessfully || call.Result.AccessToken != "token-1")
            {
                Interlocked.Increment(ref waited);
            }
        });
        await Wait.UntilAsync(() => client.Spid.Count == 2);
        open.SetResult();
        await client.SettleAsync(2);

        Assert.That(waited, Is.Zero);
        Assert.That(client.Spid.Count, Is.EqualTo(2));
        Assert.That((await client.Tokens.GetTokenAsync(cancellationToken)).AccessToken, Is.EqualTo("token-2"));
    }
}
