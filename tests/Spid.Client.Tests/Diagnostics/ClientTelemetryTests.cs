using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Spid.Client.Diagnostics;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Diagnostics;

/// <content>Metrics.</content>
[CancelAfter(60_000)]
internal sealed partial class ClientTelemetryTests
{
    private static readonly string[] Instruments =
    [
        SpidDiagnostics.TokenRequests, SpidDiagnostics.TokenRequestDuration, SpidDiagnostics.CacheHits, SpidDiagnostics.CacheMisses,
        SpidDiagnostics.CacheRefreshes, SpidDiagnostics.WaitDuration, SpidDiagnostics.TimeToExpiry, SpidDiagnostics.Renewals,
    ];

    [Test]
    public void Meter_EveryInstrument_HasItsNameUnitAndDescription()
    {
        using var rig = new ApiRig();
        var found = new Dictionary<string, string?>();
        using var listener = new MeterListener();
        object? scope = rig.Provider.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == SpidDiagnostics.MeterName && instrument.Meter.Scope == scope)
            {
                found[instrument.Name] = instrument.Unit;
                Assert.That(instrument.Description, Is.Not.Empty);
            }
        };
        _ = rig.Tokens;

        listener.Start();

        Assert.That(found, Is.EquivalentTo(new Dictionary<string, string?>
        {
            ["spid.client.token.requests"] = "{request}",
            ["spid.client.token.request.duration"] = "s",
            ["spid.client.cache.hits"] = "{token}",
            ["spid.client.cache.misses"] = "{call}",
            ["spid.client.cache.refreshes"] = "{refresh}",
            ["spid.client.token.wait.duration"] = "s",
            ["spid.client.token.time_to_expiry"] = "s",
            ["spid.client.token.renewals"] = "{renewal}",
        }));
        Assert.That(found.Keys, Is.EquivalentTo(Instruments));
        Assert.That(
            typeof(SpidDiagnostics).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Where(name => name.StartsWith("spid.client.", StringComparison.Ordinal)),
            Is.EquivalentTo(Instruments.Append(SpidDiagnostics.ClientTag)));
    }

    [Test]
    public async Task Requests_MissRefreshAndRenewal_AreToldApart(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using MetricCollector<long> requests = Collect<long>(rig, SpidDiagnostics.TokenRequests);
        using MetricCollector<long> refreshes = Collect<long>(rig, SpidDiagnostics.CacheRefreshes);

        ServerToken first = await rig.Tokens.GetTokenAsync(cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(800));
        await rig.Tokens.GetTokenAsync(cancellationToken);
        await requests.WaitForMeasurementsAsync(2, cancellationToken);
        await rig.Tokens.RequestTokenAsync(cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(60));
        while (ReferenceEquals(await rig.Tokens.GetTokenAsync(cancellationToken), first))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await rig.Tokens.RenewTokenAsync(await rig.Tokens.GetTokenAsync(cancellationToken), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                requests.GetMeasurementSnapshot().Select(measurement => Tags(measurement.Tags)),
                Is.EqualTo(new[] { "miss", "refresh", "explicit", "renewal" }.Select(reason => $"spid.client.name=, spid.outcome=success, spid.reason={reason}")));
            Assert.That(refreshes.GetMeasurementSnapshot().Select(measurement => (measurement.Value, Tags(measurement.Tags))), Is.EqualTo(new[] { (1L, "spid.client.name=") }));
        }
    }

    [Test]
    public async Task Cache_MissAndHits_AreCounted(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using MetricCollector<long> hits = Collect<long>(rig, SpidDiagnostics.CacheHits);
        using MetricCollector<long> misses = Collect<long>(rig, SpidDiagnostics.CacheMisses);
        using MetricCollector<double> waits = Collect<double>(rig, SpidDiagnostics.WaitDuration);
        using MetricCollector<double> durations = Collect<double>(rig, SpidDiagnostics.TokenRequestDuration);
        rig.Spid.AnswerWith(_ =>
        {
            rig.Time.Advance(TimeSpan.FromSeconds(2));
            return StubSpid.Token("token");
        });

        await rig.Tokens.GetTokenAsync(cancellationToken);
        await rig.Tokens.GetTokenAsync(cancellationToken);
        await rig.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hits.GetMeasurementSnapshot().EvaluateAsCounter(), Is.EqualTo(2));
            Assert.That(misses.GetMeasurementSnapshot().Select(measurement => (measurement.Value, Tags(measurement.Tags))), Is.EqualTo(new[] { (1L, "spid.client.name=") }));
            Assert.That(durations.GetMeasurementSnapshot().Select(measurement => (measurement.Value, Tags(measurement.Tags))), Is.EqualTo(new[] { (2.0, "spid.client.name=, spid.outcome=success") }));
            Assert.That(waits.GetMeasurementSnapshot().Single().Value, Is.InRange(0.0, 2.0));
        }
    }

    [TestCase(400, "invalid_client", "configuration", ", error.type=invalid_client")]
    [TestCase(400, "made_up_by_the_server", "configuration", "")]
    [TestCase(429, "", "throttled", "")]
    [TestCase(503, "", "transient", "")]
    [TestCase(200, "", "protocol", "")]
    public async Task Requests_Failure_CarriesOutcomeAndKnownErrorCode(int status, string code, string outcome, string error, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        using MetricCollector<long> requests = Collect<long>(rig, SpidDiagnostics.TokenRequests);
        using MetricCollector<double> waits = Collect<double>(rig, SpidDiagnostics.WaitDuration);
        rig.Spid.AnswerWith(_ => StubSpid.Error(status, code));

        await Assert.ThrowsAsync<SpidException>(async () => await rig.Tokens.GetTokenAsync(cancellationToken));

        Assert.That(Tags(requests.GetMeasurementSnapshot().Single().Tags), Is.EqualTo($"{error.TrimStart(',', ' ')}{(error.Length > 0 ? ", " : "")}spid.client.name=, spid.outcome={outcome}, spid.reason=miss"));
        Assert.That(Tags(waits.GetMeasurementSnapshot().Single().Tags), Is.EqualTo($"spid.client.name=, spid.outcome={outcome}"));
    }

    [Test]
    public async Task Renewals_EachOutcome_IsCounted(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        using MetricCollector<long> renewals = Collect<long>(rig, SpidDiagnostics.Renewals);
        ServerToken first = await rig.Tokens.GetTokenAsync(cancellationToken);

        ServerToken? second = await rig.Tokens.RenewTokenAsync(first, cancellationToken);
        await rig.Tokens.RenewTokenAsync(first, cancellationToken);
        await rig.Tokens.RenewTokenAsync(second!, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(61));
        rig.Spid.AnswerWith(_ => StubSpid.Error(400, "invalid_client"));
        await Assert.ThrowsAsync<SpidException>(async () => await rig.Tokens.RenewTokenAsync(second!, cancellationToken));

        Assert.That(
            renewals.GetMeasurementSnapshot().Select(measurement => Tags(measurement.Tags)),
            Is.EqualTo(new[] { "renewed", "already_renewed", "paused", "failed" }.Select(outcome => $"spid.client.name=, spid.outcome={outcome}")));
    }

    [Test]
    public async Task TimeToExpiry_OfEachClient_IsObservedWhileThereIsAToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using MetricCollector<double> left = Collect<double>(rig, SpidDiagnostics.TimeToExpiry);
        _ = rig.Tokens;

        left.RecordObservableInstruments();
        int before = left.GetMeasurementSnapshot(clear: true).Count;
        await rig.Tokens.GetTokenAsync(cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(60));
        left.RecordObservableInstruments();

        Assert.That(before, Is.Zero);
        Assert.That(left.GetMeasurementSnapshot().Select(measurement => (measurement.Value, Tags(measurement.Tags))), Is.EqualTo(new[] { (840.0, "spid.client.name=") }));
    }

    private static MetricCollector<T> Collect<T>(ApiRig rig, string instrument)
        where T : struct => new(rig.Provider.GetRequiredService<IMeterFactory>(), SpidDiagnostics.MeterName, instrument);

    private static string Tags(IReadOnlyDictionary<string, object?> tags) =>
        string.Join(", ", tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
}
