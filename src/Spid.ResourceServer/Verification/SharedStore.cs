using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// The store that processes share, used with little patience. After a failure it is left alone for a while. Some clients of a store hold the
/// thread that uses them, so that is never the thread that waits.
/// </summary>
internal sealed class SharedStore(VerifierSettings settings, IDistributedCache store, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly MonotonicClock _clock = new(timeProvider);
    private Outage? _last;

    /// <summary>Gets when its last outage is over. What should have been removed before may still be there.</summary>
    public DateTimeOffset OutageEndsAt => Volatile.Read(ref _last)?.EndsAt ?? DateTimeOffset.MinValue;

    /// <summary>Uses the store if it can be used; whatever goes wrong, tokens can be verified without it.</summary>
    public async Task<T?> TryUseAsync<T>(Func<IDistributedCache, Task<T?>> use)
        where T : class
    {
        if (_clock.Now < Volatile.Read(ref _last)?.LeftAloneUntil)
        {
            return null;
        }

        try
        {
            return await Task.Run(() => use(store), CancellationToken.None).WaitAsync(Patience, timeProvider).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Note(exception);
            return null;
        }
    }

    /// <summary>Uses the store in any case, and takes as long as a call to SPiD may take.</summary>
    /// <exception cref="InvalidOperationException">The store failed.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    public async Task UseAsync(Func<IDistributedCache, CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => use(store, cancellationToken), CancellationToken.None).WaitAsync(settings.Introspection.Timeout, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Note(exception);
            throw new InvalidOperationException(
                $"The distributed cache of SPiD verifier '{settings.Name}' could not be changed, so other processes may still accept what was evicted here. Try again.", exception);
        }
    }

    private void Note(Exception exception)
    {
        Volatile.Write(ref _last, new Outage(_clock.Now + (long)Pause.TotalMilliseconds, timeProvider.GetUtcNow() + Pause));
        Log.SharedStoreFailed(logger, settings.Name, exception.GetType().Name);
    }

    private sealed record Outage(long LeftAloneUntil, DateTimeOffset EndsAt);
}
