using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Spid.Client.Tests.Shared;

/// <summary>A fake clock that knows the pauses which the code under test makes, and skips exactly those: no timeout elapses by accident.</summary>
internal sealed class PausingClock(TimeSpan longestPause) : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= longestPause)
        {
            _pauses.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Skips every pause until the call ends.</summary>
    public async Task<T> SkipPausesAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        while (!call.IsCompleted)
        {
            Task<TimeSpan> pause = _pauses.Reader.ReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(call, pause) == pause)
            {
                Advance(await pause);
            }
        }

        return await call;
    }
}
