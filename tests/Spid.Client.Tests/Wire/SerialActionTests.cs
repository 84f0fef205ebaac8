namespace Spid.Client.Tests.Wire;

/// <summary>One run at a time, and the last one sees the newest state.</summary>
[CancelAfter(60_000)]
internal sealed class SerialActionTests
{
    [Test]
    public void Run_RequestedAgainFromWithin_RunsOnceMoreAfterwards()
    {
        List<string> steps = [];
        SerialAction? action = null;
        action = new SerialAction(() =>
        {
            steps.Add("begin");
            if (steps.Count == 1)
            {
                action!.Run();
                action.Run();
            }

            steps.Add("end");
        });

        action.Run();

        Assert.That(steps, Is.EqualTo(new[] { "begin", "end", "begin", "end" }));
    }

    [Test]
    public async Task Run_AnotherThreadRunsIt_ReturnsAtOnceAndTheNewestStateIsSeen(CancellationToken cancellationToken)
    {
        int state = 0;
        int seen = 0;
        using var inside = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim();
        var action = new SerialAction(() =>
        {
            int read = Volatile.Read(ref state);
            inside.Set();
            open.Wait(cancellationToken);
            seen = read;
        });
        Task running = Task.Run(action.Run, cancellationToken);
        inside.Wait(cancellationToken);

        Volatile.Write(ref state, 1);
        action.Run();
        open.Set();
        await running;

        Assert.That(seen, Is.EqualTo(1));
    }

    [Test]
    public void Run_ActionThrows_IsThrownAndTheNextRunWorks()
    {
        int runs = 0;
        var action = new SerialAction(() =>
        {
            if (++runs == 1)
            {
                throw new InvalidOperationException("first");
            }
        });

        Assert.That(action.Run, Throws.InvalidOperationException.With.Message.EqualTo("first"));
        Assert.That(action.Run, Throws.Nothing);
        Assert.That(runs, Is.EqualTo(2));
    }
}
