using System.Runtime.CompilerServices;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Reliability;

/// <summary>A hung endpoint and the end of the client hold nobody, and nothing stays behind.</summary>
[NonParallelizable]
[CancelAfter(300_000)]
internal sealed class DisposalTests
{
    [Test(Description = "R9, golang/oauth2 X1")]
    public async Task GetTokenAsync_EndpointHangs_EachCallerLeavesAtItsOwnTimeout()
    {
        using var client = new DrivenClient();
        client.Hang();
        CancellationTokenSource[] timeouts = [.. Enumerable.Range(1, 4).Select(second => new CancellationTokenSource(TimeSpan.FromSeconds(second) - TimeSpan.FromMilliseconds(500), client.Time))];
        Task<ServerToken>[] calls = [.. timeouts.Select(timeout => client.Tokens.GetTokenAsync(timeout.Token).AsTask())];
        await Wait.UntilAsync(() => client.Blocked == 1);

        List<int> left = [];
        for (int second = 1; second <= 4; second++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(second == 4 ? 0.9 : 1));
            int expected = second;
            await Wait.UntilAsync(() => calls.Count(call => call.IsCompleted) >= expected);
            left.Add(calls.Count(call => call.IsCanceled));
        }

        Assert.That(left, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
        Array.ForEach(timeouts, timeout => timeout.Dispose());
    }

    [Test(Description = "R9, MSAL #6053")]
    public async Task Dispose_EndpointHangs_FreesAllWaitersAndLeavesNoTimer()
    {
        using var client = new DrivenClient();
        client.Hang();
        Task<ServerToken>[] gets = [.. Enumerable.Range(0, 1000).Select(key => client.Tokens.GetTokenAsync(KeyNames.Request(key % 10)).AsTask())];
        Task<ServerToken?> renewal = client.Tokens.RenewTokenAsync(new ServerToken("refused")).AsTask();
        Task<ServerToken> request = client.Tokens.RequestTokenAsync();
        await Wait.UntilAsync(() => client.Blocked == 12);

        client.Tokens.Dispose();
        await Wait.UntilAsync(() => gets.All(get => get.IsCompleted) && renewal.IsCompleted && request.IsCompleted);

        // Callers are freed at once; the requests they waited for end on threads of their own.
        await Wait.UntilAsync(() => client.Blocked == 0 && client.Time.Timers == 0);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(gets.Select(get => get.Exception?.InnerException), Has.All.InstanceOf<ObjectDisposedException>());
            Assert.That(renewal.Exception?.InnerException, Is.InstanceOf<ObjectDisposedException>());
            Assert.That(request.Exception?.InnerException, Is.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test(Description = "R9")]
    public async Task Dispose_ClientWasUsed_EveryMemberThrowsObjectDisposedException()
    {
        using var client = new TestClient();
        ServerToken token = await client.Tokens.GetTokenAsync();

        client.Tokens.Dispose();
        client.Tokens.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => client.Tokens.GetTokenAsync().AsTask(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => client.Tokens.GetTokenAsync(KeyNames.Request(1)).AsTask(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => client.Tokens.RenewTokenAsync(token).AsTask(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => client.Tokens.RequestTokenAsync(), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(() => client.Tokens.RequestTokenAsync(KeyNames.Request(1)), Throws.InstanceOf<ObjectDisposedException>());
            Assert.That(client.Spid.Count, Is.EqualTo(1));
        }
    }

    [Test(Description = "R9, R12")]
    public async Task Dispose_DuringHungFetch_ClientIsCollected()
    {
        WeakReference reference = await UseAsync();

        // The thread that ended the fetch holds it until it gets to run on.
        for (int round = 0; round < 1000 && reference.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.That(reference.IsAlive, Is.False);
    }

    [Test(Description = "R12")]
    public async Task Dispose_TenThousandClientsOneAfterTheOther_HeapStaysFlat(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        using var httpClient = new HttpClient(spid, disposeHandler: false);
        SpidClientOptions options = TestClient.Options();
        await CycleAsync(200);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await CycleAsync(10_000);
        long after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.That(spid.Count, Is.EqualTo(10_200));
        Assert.That(after - before, Is.LessThanOrEqualTo(2 * 1024 * 1024));

        async Task CycleAsync(int count)
        {
            for (int cycle = 0; cycle < count; cycle++)
            {
                using var tokens = new TokenClient(options, httpClient);
                await tokens.GetTokenAsync(cancellationToken);
                spid.Forms.Clear();
                spid.Authorizations.Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAsync()
    {
        using var client = new DrivenClient();
        client.Hang();
        Task<ServerToken> call = client.Tokens.GetTokenAsync().AsTask();
        await Wait.UntilAsync(() => client.Blocked == 1);
        client.Tokens.Dispose();
        await Wait.UntilAsync(() => call.IsCompleted && client.Blocked == 0);
        _ = call.Exception;
        return new WeakReference(client.Tokens);
    }
}
