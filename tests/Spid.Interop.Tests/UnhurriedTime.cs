namespace Spid.Interop.Tests;

/// <summary>The clock of the system without its timers, so that no timeout elapses: the first request of a server in process compiles half of it.</summary>
internal sealed class UnhurriedTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
