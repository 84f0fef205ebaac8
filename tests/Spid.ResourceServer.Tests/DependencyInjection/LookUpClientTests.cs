using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;
using Spid.ResourceServer.Verification;
using Spid.Testing;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>The client that gets tokens for look-ups, beside the application's own client.</summary>
[CancelAfter(60_000)]
internal sealed class LookUpClientTests
{
    [TestCase("", "look-up")]
    [TestCase("orders", "orders look-up")]
    [Description("B29: it is named, logged and measured as itself")]
    public async Task LookUp_BesideADefaultClient_HasANameOfItsOwn(string verifier, string expected, CancellationToken cancellationToken)
    {
        await using SpidServer spid = await SpidServer.StartAsync(cancellationToken: cancellationToken);
        var logs = new FakeLogCollector();
        await using ServiceProvider services = Create(spid, verifier, logs);
        var names = new List<object?>();
        using MeterListener listener = ListenToGauges(services.GetRequiredService<IMeterFactory>(), names);
        await services.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);

        string token = spid.Issue(new SpidTokenSpec { Kind = SpidTokenKind.Opaque });
        SpidVerificationResult result = await services.GetRequiredKeyedService<ISpidTokenVerifier>(verifier).VerifyAsync(token.AsMemory(), cancellationToken);
        listener.RecordObservableInstruments();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Reason, Is.EqualTo(None));
            Assert.That(names, Is.EquivalentTo(new[] { "", expected }));
            Assert.That(logs.GetSnapshot().Select(line => line.Message), Has.One.StartsWith($"SPiD client '{expected}' obtained a token").And.One.StartsWith("SPiD client '' obtained a token"));
        }
    }

    /// <summary>Listens to the gauges of all clients, of which each tells its name.</summary>
    private static MeterListener ListenToGauges(IMeterFactory factory, List<object?> names)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == SpidDiagnostics.TimeToExpiry && instrument.Meter.Scope == factory)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => names.Add(tags.ToArray().Single(tag => tag.Key == SpidDiagnostics.ClientTag).Value));
        listener.Start();
        return listener;
    }

    private static ServiceProvider Create(SpidServer spid, string verifier, FakeLogCollector logs)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(logs)));
        services.AddSpidClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (spid.BaseAddress, spid.ClientId, spid.ClientSecret));
        services.AddSpidTokenVerifier(verifier, options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (spid.BaseAddress, spid.ClientId, spid.ClientSecret);
            (options.AudienceCheck, options.LookUpOpaqueTokens) = (SpidAudienceCheck.None, true);

            // Real time over a real socket: a busy machine may take long for its first connection.
            options.Introspection.Timeout = TimeSpan.FromSeconds(20);
        });
        return services.BuildServiceProvider();
    }
}
