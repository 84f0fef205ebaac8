using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Diagnostics;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Reliability;

/// <content>Listeners of meters and activities.</content>
internal sealed partial class ForeignCodeTests
{
    [Test(Description = "A23")]
    public async Task GetTokenAsync_MeterListenerThrows_NothingChanges([Values] bool whenPublished, CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(options => (options.Environment, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, "id", "secret")));
        await using ServiceProvider provider = services.Build();
        IMeterFactory meters = provider.GetRequiredService<IMeterFactory>();
        int heard = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == SpidDiagnostics.MeterName)
            {
                heard++;
                self.EnableMeasurementEvents(instrument);
                _ = whenPublished ? throw new InvalidOperationException("The instrument is not wanted.") : true;
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Throw(ref heard));
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Throw(ref heard));
        listener.Start();
        ISpidTokenProvider tokens = provider.GetRequiredService<ISpidTokenProvider>();

        ServerToken token = await tokens.GetTokenAsync(cancellationToken);
        ServerToken hit = await tokens.GetTokenAsync(cancellationToken);
        ServerToken? renewed = await tokens.RenewTokenAsync(hit, cancellationToken);

        Assert.That(hit, Is.SameAs(token));
        Assert.That(renewed, Is.Not.Null);
        Assert.That(heard, Is.GreaterThanOrEqualTo(8));
        Assert.That(services.Spid.Count, Is.EqualTo(2));
    }

    [NonParallelizable]
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
