using CsCheck;

namespace Spid.Client.Tests.Wire;

/// <summary>How many calls go at once while the limit changes.</summary>
[CancelAfter(60_000)]
internal sealed class TurnsTests
{
    [Test]
    public async Task Resize_OverAndOverWhileCallsAreUnderWay_NoMoreGoThanTheLimit(CancellationToken cancellationToken)
    {
        using var turns = new Turns(2);
        await turns.EnterAsync(cancellationToken);
        await turns.EnterAsync(cancellationToken);

        for (int change = 0; change < 10; change++)
        {
            turns.Resize(1);
            turns.Resize(2);
        }

        Task third = turns.EnterAsync(cancellationToken);
        Assert.That(third.IsCompleted, Is.False);
        turns.Leave();
        await third;
    }

    [Test]
    public async Task Resize_Higher_ThoseThatWaitGoAtOnce(CancellationToken cancellationToken)
    {
        using var turns = new Turns(1);
        await turns.EnterAsync(cancellationToken);
        Task[] waiting = [turns.EnterAsync(cancellationToken), turns.EnterAsync(cancellationToken)];

        turns.Resize(3);

        await Task.WhenAll(waiting);
    }

    [Test(Description = "Any order of enterings, leavings and changes: as many go as the limit allows, and those that were let in under a higher one are not pushed out")]
    public void EnterLeaveResize_AnyOrder_GoesAsTheModel() =>
        Gen.Int[0, 9].Array[1, 60].Sample(
            steps =>
            {
                using var turns = new Turns(3);
                int limit = 3;
                int going = 0;
                var waiting = new Queue<Task>();
                foreach (int step in steps)
                {
                    if (step < 4)
                    {
                        waiting.Enqueue(turns.EnterAsync(CancellationToken.None));
                    }
                    else if (step < 7)
                    {
                        if (going > 0)
                        {
                            going--;
                            turns.Leave();
                        }
                    }
                    else
                    {
                        limit = (2 * (step - 7)) + 1;
                        turns.Resize(limit);
                    }

                    while (waiting.Count > 0 && going < limit)
                    {
                        // A turn that is free is given on another thread.
                        if (!waiting.Dequeue().Wait(TimeSpan.FromSeconds(30), CancellationToken.None))
                        {
                            return false;
                        }

                        going++;
                    }

                    if (waiting.Any(entry => entry.IsCompleted))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 1_000);
}
