namespace Spid.ResourceServer.Verification;

/// <summary>One search for facts that all who bring the same token share. It belongs to none of them, so none of them can end it.</summary>
internal sealed class TokenFlight(long startedAt, long evictions)
{
    private readonly TaskCompletionSource<Finding> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEvicted;

    public Task<Finding> Task => _completion.Task;

    public long StartedAt { get; } = startedAt;

    /// <summary>Gets how many evictions of clients there had been when it began.</summary>
    public long Evictions { get; } = evictions;

    /// <summary>Gets a value indicating whether the token was evicted meanwhile, so that what is found must not be stored.</summary>
    public bool IsEvicted => _isEvicted;

    public void Evict() => _isEvicted = true;

    public void End(Finding finding) => _completion.SetResult(finding);

    public void End(Exception exception)
    {
        _completion.SetException(exception);

        // There may be no waiter left.
        _ = _completion.Task.Exception;
    }
}
