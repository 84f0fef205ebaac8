using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>Callers that come just as a fetch ends.</content>
internal sealed partial class KeySetTests
{
    [Test(Description = "What a fetch leaves shows before its log is written: whoever sees the failure, and comes after the pause, must not join it")]
    public async Task FindAsync_FetchHasFailedAndItsLogIsBeingWritten_StartsAnother(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        Task<KeyLookup>? later = null;
        KeySet? keys = null;
        var logger = new Interruption(() =>
        {
            rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key()));
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            later = keys!.FindAsync(rig.Forge.KeyId, cancellationToken).AsTask();
        });
        using (keys = new KeySet(VerifierSettings.From("rig", rig.Options), PartsOf(rig, rig.Time, logger)))
        {
            KeyLookup first = await keys.FindAsync(rig.Forge.KeyId, cancellationToken);

            Assert.That(first.Outcome, Is.EqualTo(KeyOutcome.NoKeySet));
            Assert.That((await later!).Key, Is.Not.Null);
        }
    }

    [Test(Description = "Each time that the clock is read, another caller's fetch begins and ends")]
    public async Task FindAsync_FetchOfAnotherEndsBetweenLookAndDecision_NeedsNoOther([Values(1, 2)] int look, CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        KeySet? keys = null;
        var time = new InterruptedTime();
        using (keys = new KeySet(VerifierSettings.From("rig", rig.Options), PartsOf(rig, time, NullLogger.Instance)))
        {
            time.Interrupt(look, () => keys.FindAsync(rig.Forge.KeyId, cancellationToken).AsTask().GetAwaiter().GetResult());

            KeyLookup lookup = await keys.FindAsync(rig.Forge.KeyId, cancellationToken);

            Assert.That(lookup.Key, Is.Not.Null);
            Assert.That(rig.Spid.KeyFetches, Is.EqualTo(1));
        }
    }

    [Test(Description = "The same at a rotation: the one fetch is charged once, and leaves one for another id")]
    public async Task FindAsync_FetchOfAnotherEndsDuringARotation_IsChargedOnce([Values(1, 2)] int look, CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        KeySet? keys = null;
        var time = new InterruptedTime();
        using (keys = new KeySet(VerifierSettings.From("rig", rig.Options), PartsOf(rig, time, NullLogger.Instance)))
        {
            await keys.FindAsync(rig.Forge.KeyId, cancellationToken);
            rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
            time.Interrupt(look, () => keys.FindAsync(next.KeyId, cancellationToken).AsTask().GetAwaiter().GetResult());

            KeyLookup lookup = await keys.FindAsync(next.KeyId, cancellationToken);
            KeyLookup other = await keys.FindAsync("made-up", cancellationToken);
            KeyLookup third = await keys.FindAsync("made-up too", cancellationToken);

            Assert.That((lookup.Key is not null, other, third.RetryAfter), Is.EqualTo((true, KeyLookup.Absent, (TimeSpan?)TimeSpan.FromSeconds(30))));
            Assert.That(rig.Spid.KeyFetches, Is.EqualTo(3));
        }
    }

    [Test(Description = "A logger that fails changes nothing: neither what the caller is told, nor whether the next fetch can start")]
    public async Task FindAsync_LoggerThrows_KeyIsFoundAllTheSame(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        var logger = new Interruption(() => throw new InvalidOperationException("The log is full."));
        using var keys = new KeySet(VerifierSettings.From("rig", rig.Options), PartsOf(rig, rig.Time, logger));

        KeyLookup lookup = await keys.FindAsync(rig.Forge.KeyId, cancellationToken);

        Assert.That(lookup.Key, Is.Not.Null);
        Assert.That(await keys.FindAsync("another", cancellationToken), Is.EqualTo(KeyLookup.Absent));
    }

    private static VerifierParts PartsOf(VerifierRig rig, TimeProvider time, ILogger logger) =>
        new() { TimeProvider = time, Logger = logger, GetHttpClient = rig.Parts.GetHttpClient, Telemetry = rig.Parts.Telemetry };

    /// <summary>Does something once, before the first line is written.</summary>
    private sealed class Interruption(Action action) : ILogger
    {
        private Action? _action = action;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Exchange(ref _action, null)?.Invoke();
    }

    /// <summary>Does something once, before it is read for the given time.</summary>
    private sealed class InterruptedTime : FakeTimeProvider
    {
        private Action? _action;
        private int _looks;

        public void Interrupt(int look, Action action) => (_looks, _action) = (look, action);

        public override long GetTimestamp()
        {
            if (_action is not null && --_looks == 0)
            {
                Interlocked.Exchange(ref _action, null)?.Invoke();
            }

            return base.GetUtcNow().Ticks;
        }
    }
}
