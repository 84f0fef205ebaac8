namespace Spid.Client.Tests.Shared;

/// <summary>A synchronization context whose only thread is busy: what is posted to it never runs.</summary>
internal sealed class StuckContext : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("The thread is busy.");

    /// <summary>Runs code on this thread as if it were the thread of the context.</summary>
    public static T Run<T>(Func<T> code)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(new StuckContext());
        try
        {
            return code();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
