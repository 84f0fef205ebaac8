using Spid.Client;

namespace Spid.ResourceServer.Keys;

/// <summary>One fetch of the key set, which all callers that need its result share.</summary>
/// <param name="cause">Why it was started, for the metric.</param>
/// <param name="replacesSet">Whether there was a usable key set when it was started.</param>
internal sealed class SharedFetch(string cause, bool replacesSet)
{
    private readonly TaskCompletionSource<SpidException?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Cause { get; } = cause;

    public bool ReplacesSet { get; } = replacesSet;

    /// <summary>Gets the result: <see langword="null"/> for success. Never faults.</summary>
    public Task<SpidException?> Task => _completion.Task;

    public void End(SpidException? error) => _completion.SetResult(error);
}
