using System.Diagnostics;
using System.Diagnostics.Metrics;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Diagnostics;

/// <summary>What operators see.</summary>
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class VerifierTelemetryTests
{
    [Test]
    public async Task Verifications_MissHitAndRefusal_AreCountedWithTheirTags(CancellationToken cancellationToken)
    {
        List<string> seen = [];
        using var listener = new MeterListener();
        using var rig = new VerifierRig(Mode.Remote);
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == SpidVerificationDiagnostics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 0, tags));
        listener.Start();
        rig.AnswerActive();
        string token = rig.Sign();

        await rig.VerifyAsync(token, cancellationToken);
        await rig.VerifyAsync(token, cancellationToken);
        await rig.VerifyAsync("opaque", cancellationToken);
        listener.RecordObservableInstruments();

        string[] lines;
        lock (seen)
        {
            lines = [.. seen.Where(line => line.Contains("=rig", StringComparison.Ordinal))];
        }

        Assert.That(lines, Does.Contain("spid.token.verifications 1 spid.verifier.name=rig spid.mode=remote spid.outcome=accepted spid.reason=none spid.cache=miss")
            .And.Contain("spid.token.verifications 1 spid.verifier.name=rig spid.mode=remote spid.outcome=accepted spid.reason=none spid.cache=hit")
            .And.Contain("spid.token.verifications 1 spid.verifier.name=rig spid.mode=remote spid.outcome=rejected spid.reason=opaque_token spid.cache=miss")
            .And.Contain("spid.introspection.duration 0 spid.verifier.name=rig spid.outcome=active")
            .And.Contain("spid.cache.entries 1 spid.verifier.name=rig spid.store=positive")
            .And.Contain("spid.cache.entries 0 spid.verifier.name=rig spid.store=negative"));
        Assert.That(lines, Has.None.Contains(token));

        void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (seen)
            {
                seen.Add($"{instrument.Name} {value} {text}");
            }
        }
    }

    [Test]
    public async Task VerifyAsync_ListenersThrow_VerdictsAreTheSame(
        [Values("instrument", "measurement", "sample", "started", "stopped")] string what, CancellationToken cancellationToken)
    {
        int heard = 0;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == SpidVerificationDiagnostics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
                Hear("instrument");
            }
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => Hear("measurement"));
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Hear("measurement"));
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SpidVerificationDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Sample(),
            ActivityStarted = _ => Hear("started"),
            ActivityStopped = _ => Hear("stopped"),
        };
        ActivitySource.AddActivityListener(activities);
        meters.Start();
        using var local = new VerifierRig(Mode.Local);
        using var remote = new VerifierRig(Mode.Remote);
        remote.AnswerActive();

        SpidVerificationResult[] verdicts =
        [
            await local.VerifyAsync(local.Sign(), cancellationToken),
            await remote.VerifyAsync(remote.Sign(), cancellationToken),
            await remote.VerifyAsync("opaque", cancellationToken),
        ];

        Assert.That(
            verdicts.Select(verdict => verdict.Status),
            Is.EqualTo([SpidVerificationStatus.Accepted, SpidVerificationStatus.Accepted, SpidVerificationStatus.Rejected]));
        Assert.That(heard, Is.GreaterThan(0));

        void Hear(string happened)
        {
            if (happened == what)
            {
                Interlocked.Increment(ref heard);
                throw new InvalidOperationException("The listener cannot go on.");
            }
        }

        ActivitySamplingResult Sample()
        {
            Hear("sample");
            return ActivitySamplingResult.AllData;
        }
    }

    [Test]
    public async Task Activities_RemoteCallsOnly_HaveASpan(CancellationToken cancellationToken)
    {
        List<Activity> seen = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SpidVerificationDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (seen)
                {
                    seen.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var local = new VerifierRig(Mode.Local);
        using var remote = new VerifierRig(Mode.Remote);
        string token = remote.Sign();

        await local.VerifyAsync(local.Sign(), cancellationToken);
        await remote.VerifyAsync(token, cancellationToken);
        await remote.VerifyAsync(token, cancellationToken);

        lock (seen)
        {
            Assert.That(seen.Select(activity => activity.OperationName), Does.Contain("spid.jwks.fetch").And.Contain("spid.introspection"));
            Assert.That(seen.SelectMany(activity => activity.TagObjects).Select(tag => $"{tag.Value}"), Has.None.Contains(token));
        }
    }

    [Test]
    public void TagValues_Reasons_AreInSnakeCase()
    {
        Assert.That(TagValues.Of(SpidVerificationReason.NotAnAccessToken), Is.EqualTo("not_an_access_token"));
        Assert.That(Enum.GetValues<SpidVerificationReason>().Select(TagValues.Of), Is.Unique);
    }
}
