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

    private static void Throw(ref int heard)
    {
        Interlocked.Increment(ref heard);
        throw new InvalidOperationException("The listener cannot go on.");
    }
}
