using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using Spid.Wire;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>One fetch at a time for all callers, however it ends.</summary>
[CancelAfter(60_000)]
internal sealed partial class KeySetFetchTests : IDisposable
{
    private static readonly AsyncLocal<string?> Ambient = new();

    private readonly VerifierRig _rig = new(Mode.Local);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeLogger _logger = new();
    private readonly KeySetState _state;
    private readonly VerifierTelemetry _telemetry;
    private readonly KeySetFetch _fetch;
    private Action? _onLog;

    public KeySetFetchTests()
    {
        _telemetry = new VerifierTelemetry("rig", Meters);
        _state = new KeySetState(new MonotonicClock(_rig.Time));
        _fetch = Create();
    }

    private VerifierSettings Settings => VerifierSettings.From("rig", _rig.Options);

    private long Now => new MonotonicClock(_rig.Time).Now;

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    [Test]
    public async Task StartOrJoin_FetchUnderWay_IsJoined(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys();

        Task<SpidException?> first = StartOrJoin("first", out bool firstBegan);
        Task<SpidException?> second = StartOrJoin("unknown_key", out bool secondBegan);
        Task<SpidException?> third = StartOrJoin("age", out bool thirdBegan);
        bool during = _state.IsUnderWay;
        answer.SetResult(StubSpid.Json(Forge.KeySet(_rig.Forge.Key())));
        SpidException? error = await first.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((firstBegan, secondBegan, thirdBegan), Is.EqualTo((true, false, false)));
            Assert.That(second, Is.SameAs(first));
            Assert.That(third, Is.SameAs(first));
            Assert.That((during, _state.IsUnderWay), Is.EqualTo((true, false)));
            Assert.That((error, _rig.Spid.KeyFetches, _state.Started), Is.EqualTo(((SpidException?)null, 1, 1)));
            Assert.That(_state.Usable(Now)?.Find(_rig.Forge.KeyId), Is.Not.Null);
        }
    }

    [Test]
    public async Task StartOrJoin_HundredAtOnce_OneBeginsAndAllGetItsEnd(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys();
        int began = 0;

        Task<SpidException?>[] calls = new Task<SpidException?>[100];
        Parallel.For(0, calls.Length, number =>
        {
            calls[number] = StartOrJoin("first", out bool isNew);
            Interlocked.Add(ref began, isNew ? 1 : 0);
        });
        answer.SetResult(StubSpid.Json(Forge.KeySet(_rig.Forge.Key())));
        await Task.WhenAll(calls).WaitAsync(cancellationToken);

        Assert.That((began, _rig.Spid.KeyFetches), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task StartOrJoin_FetchHasEnded_StartsAnother(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);

        await StartOrJoin("unknown_key", out bool started).WaitAsync(cancellationToken);

        Assert.That((started, _rig.Spid.KeyFetches, _state.Started), Is.EqualTo((true, 2, 2)));
    }

    [Test(Description = "The fetch serves all: the context of the caller that began it must not reach into it")]
    public async Task StartOrJoin_CallerHasAContext_FetchRunsWithoutIt(CancellationToken cancellationToken)
    {
        string? seen = "not called";
        _rig.Spid.Keys = _ =>
        {
            seen = Ambient.Value;
            return Task.FromResult(StubSpid.Json(Forge.KeySet(_rig.Forge.Key())));
        };
        Ambient.Value = "of the caller";

        await StartAsync(cancellationToken);

        Assert.That(seen, Is.Null);
    }

    public void Dispose()
    {
        _state.Dispose();
        _telemetry.Dispose();
        _services.Dispose();
        _rig.Dispose();
    }

    private KeySetFetch Create() => new(
        Settings,
        new VerifierParts { TimeProvider = _rig.Time, Logger = new HookedLogger(this), GetHttpClient = _rig.Parts.GetHttpClient, Telemetry = _telemetry },
        _state);

    private Task<SpidException?> StartAsync(CancellationToken cancellationToken) => StartOrJoin("first", out _).WaitAsync(cancellationToken);

    private Task<SpidException?> StartOrJoin(string cause, out bool started)
    {
        SharedFetch fetch = _state.StartOrJoin(cause, out started);
        if (started)
        {
            _fetch.Run(fetch);
        }

        return fetch.Task;
    }

    private void FailKeys() => _rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

    /// <summary>Lets key fetches wait for an answer.</summary>
    private TaskCompletionSource<HttpResponseMessage> HoldKeys()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _rig.Spid.Keys = _ => answer.Task;
        return answer;
    }

    /// <summary>Does what the test wants before each line.</summary>
    private sealed class HookedLogger(KeySetFetchTests test) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            test._onLog?.Invoke();
            test._logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
