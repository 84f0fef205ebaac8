// The namespace makes it the nearest TaskCompletionSource for all sources under Spid.
namespace Spid;

/// <summary>
/// Stands for the platform's in this build. Coyote posts each continuation to its own scheduler anyway; the option that hands
/// continuations to the thread pool would take <see cref="Task.WaitAsync(CancellationToken)"/> out of its control.
/// </summary>
internal sealed class TaskCompletionSource<TResult> : System.Threading.Tasks.TaskCompletionSource<TResult>
{
    public TaskCompletionSource()
    {
    }

    public TaskCompletionSource(TaskCreationOptions options) => _ = options;
}
