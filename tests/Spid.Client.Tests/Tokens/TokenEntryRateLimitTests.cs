using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

[CancelAfter(60_000)]
internal sealed class TokenEntryRateLimitTests
{
    [Test]
    public async Task GetTokenAsync_OlderRequestSucceedsAfterARateLimit_LimitStillHolds(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var older = new TaskCompletionSource();
        var olderArrived = new TaskCompletionSource();
        client.Spid.Answer = async (number, form, _) =>
        {
            if (form.Contains("older", StringComparison.Ordinal))
            {
                olderArrived.SetResult();
                await older.Task;
                return StubSpid.Token("older");
            }

            return StubSpid.Error(429, "too_many_requests", TimeSpan.FromSeconds(60));
        };

        Task<ServerToken> waiting = client.Tokens.GetTokenAsync(new TokenRequest("older"), cancellationToken).AsTask();
        await olderArrived.Task;
        client.Time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.That(async () => await client.Tokens.GetTokenAsync(cancellationToken), Throws.InstanceOf<SpidException>());
        older.SetResult();
        await waiting;

        Assert.That(async () => await client.Tokens.GetTokenAsync(cancellationToken), Throws.InstanceOf<SpidException>());
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }
}
