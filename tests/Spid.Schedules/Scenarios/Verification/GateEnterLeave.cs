using Microsoft.Coyote.Runtime;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;

namespace Spid.Schedules.Scenarios.Verification;

internal static class GateEnterLeave
{
    private const int Limit = 1;

    public static Scenario Scenario { get; } = new(
        "introspection/gate", "No more calls than allowed are under way, one that gives up waiting takes no turn with it, and the gate is empty afterwards.", RunAsync);

    private static async Task RunAsync()
    {
        var options = new SpidIntrospectionOptions { MaximumConcurrency = Limit, MaximumQueue = 1 };
        using var gate = new IntrospectionGate(IntrospectionSettings.From(options));
        using var leaving = new CancellationTokenSource();
        var inside = new Counter();

        Task<bool> one = CallAsync(gate, inside, CancellationToken.None);
        Task<bool> two = CallAsync(gate, inside, leaving.Token);
        Task<bool> three = CallAsync(gate, inside, CancellationToken.None);
        Task giving = Task.Run(leaving.Cancel);
        await Guarantee.AllEnd(one, two, three, giving);

        Guarantee.That(one.Result || two.Result || three.Result, "the gate let no call in");

        // Whatever happened, one may be inside and one may wait afterwards, and a third may not.
        Guarantee.That(await gate.TryEnterAsync(CancellationToken.None), "a turn was lost");
        Task<bool> waiting = gate.TryEnterAsync(CancellationToken.None);
        Guarantee.That(!waiting.IsCompleted, "more calls than allowed are under way, or a place in the queue was lost");
        Guarantee.That(!await gate.TryEnterAsync(CancellationToken.None), "more wait than allowed");
        gate.Leave();
        Guarantee.That(await waiting, "the one that waits got no turn");
        gate.Leave();
    }

    /// <summary>Gives <see langword="false"/> for a call that was turned away or gave up.</summary>
    private static Task<bool> CallAsync(IntrospectionGate gate, Counter inside, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        try
        {
            if (!await gate.TryEnterAsync(cancellationToken))
            {
                return false;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        Guarantee.That(Interlocked.Increment(ref inside.Value) <= Limit, "more calls than allowed are under way");
        SchedulingPoint.Interleave();
        Interlocked.Decrement(ref inside.Value);
        gate.Leave();
        return true;
    });

    private sealed class Counter
    {
        internal int Value;
    }
}
