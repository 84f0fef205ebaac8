using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>How many calls run, how many wait, and who is turned away.</summary>
[CancelAfter(60_000)]
internal sealed class IntrospectionGateTests
{
    [TestCase(1, 0)]
    [TestCase(1, 1)]
    [TestCase(3, 0)]
    [TestCase(3, 4)]
    public async Task TryEnter_MoreThanTheLimits_RunWaitOrAreTurnedAwayExactly(int concurrency, int queue)
    {
        using IntrospectionGate gate = Create(concurrency, queue);

        Task<bool>[] running = Enter(gate, concurrency);
        Task<bool>[] waiting = Enter(gate, queue);
        Task<bool>[] refused = Enter(gate, 5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(running.All(entry => entry.IsCompletedSuccessfully && entry.Result), Is.True);
            Assert.That(waiting.Any(entry => entry.IsCompleted), Is.False);
            Assert.That(refused.All(entry => entry.IsCompletedSuccessfully && !entry.Result), Is.True);
        }

        await LeaveAsync(gate, running);
        await LeaveAsync(gate, waiting);
    }

    [Test]
    public async Task Leave_SeveralWait_OneGetsTheTurn(CancellationToken cancellationToken)
    {
        using IntrospectionGate gate = Create(1, 3);
        Task<bool>[] entries = Enter(gate, 4);

        gate.Leave();
        await Task.WhenAny(entries[1..]).WaitAsync(cancellationToken);
        int inside = entries[1..].Count(entry => entry.IsCompleted);

        Assert.That(inside, Is.EqualTo(1));
        await LeaveAsync(gate, entries[1..]);
    }

    [Test]
    public async Task Leave_QueueWasFull_OneMoreMayWait(CancellationToken cancellationToken)
    {
        using IntrospectionGate gate = Create(1, 1);
        Task<bool>[] entries = Enter(gate, 2);

        gate.Leave();
        await entries[1].WaitAsync(cancellationToken);
        Task<bool> next = gate.TryEnterAsync(cancellationToken);
        Task<bool> oneTooMany = gate.TryEnterAsync(cancellationToken);

        Assert.That((next.IsCompleted, await oneTooMany), Is.EqualTo((false, false)));
        gate.Leave();
        Assert.That(await next, Is.True);
        gate.Leave();
    }

    [Test(Description = "Those who are turned away take no place: a flood must not shut the gate for good")]
    public async Task TryEnter_ManyWereTurnedAway_GateIsAsBefore(CancellationToken cancellationToken)
    {
        using IntrospectionGate gate = Create(1, 0);
        await gate.TryEnterAsync(cancellationToken);
        Enter(gate, 100);

        gate.Leave();

        Assert.That(await gate.TryEnterAsync(cancellationToken), Is.True);
        gate.Leave();
    }

    [Test]
    public async Task TryEnter_WaiterGivesUp_ItsPlaceIsFreeAndItsTurnGoesToTheNext(CancellationToken cancellationToken)
    {
        using IntrospectionGate gate = Create(1, 1);
        await gate.TryEnterAsync(cancellationToken);
        using var enough = new CancellationTokenSource();
        Task<bool> impatient = gate.TryEnterAsync(enough.Token);

        await enough.CancelAsync();
        await Task.WhenAny(impatient).WaitAsync(cancellationToken);
        Task<bool> next = gate.TryEnterAsync(cancellationToken);
        bool isWaiting = !next.IsCompleted;
        gate.Leave();

        Assert.That((impatient.IsCanceled, isWaiting, await next), Is.EqualTo((true, true, true)));
        gate.Leave();
    }

    [Test]
    public async Task TryEnter_AlreadyCancelled_ThrowsAndTakesNoPlace(CancellationToken cancellationToken)
    {
        using IntrospectionGate gate = Create(1, 0);
        for (int call = 0; call < 3; call++)
        {
            await Assert.ThatAsync(() => gate.TryEnterAsync(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await gate.TryEnterAsync(cancellationToken), Is.True);
        Assert.That(await gate.TryEnterAsync(cancellationToken), Is.False);
        gate.Leave();
    }

    [Test]
    public async Task TryEnter_ManyComeAndGo_NeverMoreInsideThanAllowedAndAllLeave(CancellationToken cancellationToken)
    {
        const int Concurrency = 3;
        using IntrospectionGate gate = Create(Concurrency, 1_000);
        int inside = 0;
        int most = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (_, cancelled) =>
        {
            Assert.That(await gate.TryEnterAsync(cancelled), Is.True);
            int now = Interlocked.Increment(ref inside);
            for (int seen = most; now > seen; seen = most)
            {
                Interlocked.CompareExchange(ref most, now, seen);
            }

            await Task.Yield();
            Interlocked.Decrement(ref inside);
            gate.Leave();
        });

        Assert.That(most, Is.InRange(1, Concurrency));
        Task<bool>[] entries = Enter(gate, Concurrency);
        Assert.That(entries.All(entry => entry.IsCompletedSuccessfully), Is.True);
        await LeaveAsync(gate, entries);
    }

    private static IntrospectionGate Create(int concurrency, int queue) =>
        new(IntrospectionSettings.From(new SpidIntrospectionOptions { MaximumConcurrency = concurrency, MaximumQueue = queue }));

    private static Task<bool>[] Enter(IntrospectionGate gate, int count) => [.. Enumerable.Range(0, count).Select(_ => gate.TryEnterAsync(CancellationToken.None))];

    private static async Task LeaveAsync(IntrospectionGate gate, Task<bool>[] entries)
    {
        foreach (Task<bool> entry in entries)
        {
            await entry;
            gate.Leave();
        }
    }
}
