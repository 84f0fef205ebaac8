using System.Diagnostics;
using System.Diagnostics.Metrics;
using Spid.Client.Diagnostics;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>Listeners of the whole process that throw; alone, for they would throw into other tests too.</summary>
[NonParallelizable]
[CancelAfter(300_000)]
internal sealed class ProcessListenersTests
{
    [Test(Description = "A23: Polly's meter and spans of this library, of which the process has one each")]
    public async Task GetTokenAsync_ListenersOfTheProcessThrow_NothingChanges(
        [Values("measurement of Polly", "sample", "started", "stopped")] string what, CancellationToken cancellationToken)
    {
        int heard = 0;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (what == "measurement of Polly" && instrument.Meter.Name == "Polly")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<int>((_, _, _, _) => Throw(ref heard));
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Throw(ref heard));
        meters.Start();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SpidDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => what == "sample" ? Refuse(ref heard) : ActivitySamplingResult.AllData,
            ActivityStarted = _ => Hear("started"),
            ActivityStopped = _ => Hear("stopped"),
        };
        ActivitySource.AddActivityListener(activities);
        using var client = new DrivenClient();
        client.Spid.AnswerWith(number => number == 1 ? StubSpid.Error(503) : StubSpid.Token($"token-{number}"));

        ServerToken token = await client.DriveAsync(client.Tokens.GetTokenAsync(cancellationToken).AsTask());

        Assert.That(token.AccessToken, Is.EqualTo("token-2"));
        Assert.That(heard, Is.GreaterThan(0));

        void Hear(string happened)
        {
            if (happened == what)
            {
                Throw(ref heard);
            }
        }
    }

    private static void Throw(ref int heard)
    {
        Interlocked.Increment(ref heard);
        throw new InvalidOperationException("The listener cannot go on.");
    }

    private static ActivitySamplingResult Refuse(ref int heard)
    {
        Throw(ref heard);
        return ActivitySamplingResult.None;
    }
}
