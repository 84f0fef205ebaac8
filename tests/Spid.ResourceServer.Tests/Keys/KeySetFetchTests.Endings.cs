using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Spid.Client;
using Spid.Client.Tests.Shared;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>Failures, broken loggers and listeners, disposal, and what is reported.</content>
internal sealed partial class KeySetFetchTests
{
    [Test]
    public async Task StartOrJoin_EndpointFails_GivesTheErrorAndLeavesAPause(CancellationToken cancellationToken)
    {
        FailKeys();

        SpidException? error = await StartAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((error?.Kind, error?.SpidStatusCode), Is.EqualTo(((SpidErrorKind?)SpidErrorKind.Transient, (HttpStatusCode?)HttpStatusCode.InternalServerError)));
            Assert.That(_state.LastError, Is.SameAs(error));
            Assert.That(_state.Pause(Now), Is.GreaterThan(TimeSpan.Zero));
            Assert.That(_state.IsUnderWay, Is.False);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("A logger of the application must not keep the keys from ever being fetched again")]
    public async Task StartOrJoin_LoggerThrows_FetchEndsAndTheNextBegins(bool answers)
    {
        _onLog = () => throw new InvalidOperationException("The logger is broken.");
        if (!answers)
        {
            FailKeys();
        }

        SpidException? error = await StartAsync(CancellationToken.None);
        bool isUnderWay = _state.IsUnderWay;
        await StartOrJoin("age", out bool began);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error is null, Is.EqualTo(answers), "the logger changes nothing about the fetch");
            Assert.That((isUnderWay, began, _rig.Spid.KeyFetches, _state.Started), Is.EqualTo((false, true, 2, 2)));
            Assert.That(_state.Usable(Now) is not null, Is.EqualTo(answers), "what was fetched is kept");
        }
    }

    [Test(Description = "An application that reports unobserved exceptions would report this one at some later garbage collection")]
    [NonParallelizable]
    public async Task StartOrJoin_LoggerThrowsAfterAFailure_LeavesNothingUnobserved()
    {
        _onLog = () => throw new InvalidOperationException("The logger is broken.");
        FailKeys();

        IReadOnlyList<Exception> unobserved = await Unobserved.AfterAsync(() => StartAsync(CancellationToken.None));

        Assert.That(unobserved.OfType<InvalidOperationException>(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task StartOrJoin_MeterListenerThrows_FetchEndsAndTheNextBegins(bool answers)
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == Meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("The listener is broken."));
        listener.Start();
        if (!answers)
        {
            FailKeys();
        }

        SpidException? error = await StartAsync(CancellationToken.None);
        await StartOrJoin("age", out bool began);

        Assert.That(error is null, Is.EqualTo(answers), "the listener changes nothing about the fetch");
        Assert.That((_state.IsUnderWay, began, _rig.Spid.KeyFetches, _state.Started), Is.EqualTo((false, true, 2, 2)));
    }

    [Test(Description = "What a fetch leaves shows before it is reported: a caller during the report gets a fetch of its own, which the end of the first does not hide")]
    public async Task StartOrJoin_FetchBeginsWhileAnotherIsReported_StaysUnderWay(CancellationToken cancellationToken)
    {
        Task<SpidException?>? later = null;
        TaskCompletionSource<HttpResponseMessage>? answer = null;
        bool began = false;
        _onLog = () =>
        {
            _onLog = null;
            answer = HoldKeys();
            later = StartOrJoin("age", out began);
        };

        await StartAsync(cancellationToken);
        bool isUnderWay = _state.IsUnderWay;
        Task<SpidException?> joined = StartOrJoin("age", out bool beganAgain);
        answer!.SetResult(StubSpid.Json(Forge.KeySet(_rig.Forge.Key())));
        await later!.WaitAsync(cancellationToken);

        Assert.That((began, isUnderWay, beganAgain), Is.EqualTo((true, true, false)));
        Assert.That(joined, Is.SameAs(later));
    }

    [Test]
    public async Task Dispose_FetchUnderWay_EndsItForThoseWhoWait(CancellationToken cancellationToken)
    {
        _rig.Spid.Keys = StubSpid.NeverAsync;
        KeySetFetch fetch = Create();
        Task<SpidException?> waiting = fetch.StartOrJoin("first").Task;
        await Wait.UntilAsync(() => _rig.Spid.KeyFetches == 1, cancellationToken);

        _state.Dispose();
        SpidException? error = await waiting.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error?.IsTransient, Is.True);
            Assert.That(_state.IsUnderWay, Is.False);
            Assert.That(_logger.Collector.Count, Is.Zero, "no attempt has failed");
            Assert.That(() => fetch.StartOrJoin("first"), Throws.InstanceOf<ObjectDisposedException>().With.Property(nameof(ObjectDisposedException.ObjectName)).Contains(nameof(KeySet)));
        }
    }

    [Test(Description = "B13: said at Warning, without anything of what the key holds")]
    public async Task StartOrJoin_MalformedKeyInTheSet_IsSaid(CancellationToken cancellationToken)
    {
        string good = _rig.Forge.Key().ToJsonString();
        _rig.Spid.AnswerKeys($$"""{"keys":[{{good[..^1]}},"alg":"RS256"},{{good}}]}""");

        SpidException? error = await StartAsync(cancellationToken);

        Assert.That(error, Is.Null);
        FakeLogRecord warning = _logger.Collector.GetSnapshot().Single(line => line.Level == LogLevel.Warning);
        Assert.That(warning.Message, Is.EqualTo("SPiD verifier 'rig' left out 1 keys that cannot be read: each must be a JSON object without repeated members, at most 16 levels deep."));
    }

    [Test]
    public async Task StartOrJoin_Ended_IsCountedWithItsCauseAndLogged(CancellationToken cancellationToken)
    {
        using var refreshes = new MetricCollector<long>(Meters, SpidVerificationDiagnostics.MeterName, SpidVerificationDiagnostics.KeySetRefreshes);
        FailKeys();
        await StartOrJoin("first", out _).WaitAsync(cancellationToken);
        using var other = new Forge { KeyId = _rig.Forge.KeyId };
        using var kept = Forge.CreateUsual();
        _rig.Spid.AnswerKeys(Forge.KeySet(_rig.Forge.Key(), other.Key(), kept.Key()));
        await StartOrJoin("unknown_key", out _).WaitAsync(cancellationToken);
        _rig.Time.Advance(TimeSpan.FromSeconds(90));
        FailKeys();
        await StartOrJoin("age", out _).WaitAsync(cancellationToken);

        Assert.That(
            refreshes.GetMeasurementSnapshot().Select(measurement => $"{measurement.Tags[SpidVerificationDiagnostics.CauseTag]} {measurement.Tags[SpidVerificationDiagnostics.ResultTag]}"),
            Is.EqualTo(new[] { "first failure", "unknown_key success", "age failure" }));
        Assert.That(
            _logger.Collector.GetSnapshot().Select(line => $"{line.Level} {line.Id.Name}"),
            Is.EqualTo(new[] { "Error KeySetMissing", "Debug KeySetFetched", "Warning KeysAmbiguous", "Warning KeySetNotRefreshed" }));
        Assert.That(_logger.LatestRecord.Message, Does.Contain("90 s").And.Contain("status 500"));
    }
}
