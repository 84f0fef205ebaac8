using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>A cached token needs no thread of the pool.</summary>
[NonParallelizable]
internal sealed class StarvationTests
{
    [Test(Description = "R16")]
    public void GetTokenAsync_FiveHundredPoolThreadsBlocked_CompletesSynchronously()
    {
        using var client = new TestClient();
        client.Tokens.GetTokenAsync().AsTask().GetAwaiter().GetResult();
        using var release = new ManualResetEventSlim();
        using var gone = new CountdownEvent(500);
        for (int index = 0; index < 500; index++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    release.Wait();
                    gone.Signal();
                },
                null);
        }

        ValueTask<ServerToken> fresh = client.Tokens.GetTokenAsync();
        client.Time.Advance(TimeSpan.FromSeconds(800));
        ValueTask<ServerToken> aging = client.Tokens.GetTokenAsync();
        bool[] completed = [fresh.IsCompletedSuccessfully, aging.IsCompletedSuccessfully];
        release.Set();
        gone.Wait();

        Assert.That(completed, Is.EqualTo(new[] { true, true }));
    }
}
