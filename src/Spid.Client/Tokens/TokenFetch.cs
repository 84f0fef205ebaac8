using System.Diagnostics;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <summary>
/// One fetch of a token: what it is for, how long it may take, and what it has come to. One thread at a time writes to it, and it may be read
/// while that thread is still held by code of the application.
/// </summary>
internal sealed class TokenFetch : IDisposable
{
    private readonly TaskCompletionSource<FetchEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _timeout;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _cancelled;
    private Activity? _activity;
    private FetchedToken? _token;
    private string? _refusedSecret;
    private bool _isInTurn;

    // Not disposed: the request may outlast the fetch, and without a timer of its own the source holds nothing to free.
    private readonly CancellationTokenSource _cancellation = new();

    public TokenFetch(TokenRequest request, FetchCause cause, RefreshDeadline? deadline, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Request = request;
        Cause = cause;
        Deadline = deadline;
        _timeProvider = timeProvider;
        _timeout = timeout;
        _startedAt = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static fetch => ((TokenFetch)fetch!).Leave(new FetchEnd(Error: null, IsTimeout: true)), this, timeout, Timeout.InfiniteTimeSpan);
        _cancelled = cancellationToken.UnsafeRegister(static fetch => ((TokenFetch)fetch!).Leave(default), this);
    }

    public TokenRequest Request { get; }

    public FetchCause Cause { get; }

    public RefreshDeadline? Deadline { get; }

    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(_startedAt);

    /// <summary>Gets a task that completes when the request has ended, or is left behind because the time is up or the fetch is cancelled.</summary>
    public Task<FetchEnd> Ended => _ended.Task;

    /// <summary>Gets what tells the request that it is left behind.</summary>
    public CancellationToken CancellationToken => _cancellation.Token;

    /// <summary>Gets or sets the span around the request.</summary>
    public Activity? Activity
    {
        get => Volatile.Read(ref _activity);
        set => Volatile.Write(ref _activity, value);
    }

    /// <summary>Gets or sets a value indicating whether the request has had its turn, or still waits for others to end.</summary>
    public bool IsInTurn
    {
        get => Volatile.Read(ref _isInTurn);
        set => Volatile.Write(ref _isInTurn, value);
    }

    /// <summary>Gets or sets the token that SPiD issued. It counts whatever happens around the request after that.</summary>
    public FetchedToken? Token
    {
        get => Volatile.Read(ref _token);
        set => Volatile.Write(ref _token, value);
    }

    /// <summary>Gets or sets the option whose secret SPiD refused before it accepted the other one.</summary>
    public string? RefusedSecret
    {
        get => Volatile.Read(ref _refusedSecret);
        set => Volatile.Write(ref _refusedSecret, value);
    }

    /// <summary>Ends the fetch, unless it has been left behind.</summary>
    public void End(SpidException? error) => _ended.TrySetResult(new FetchEnd(error, IsTimeout: false));

    /// <summary>Waits for something else that belongs to the fetch, as long as the total timeout allows.</summary>
    public async Task WaitInTimeAsync(Task task)
    {
        TimeSpan left = _timeout - Elapsed;
        if (left > TimeSpan.Zero)
        {
            await task.WaitAsync(left, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _cancelled.Dispose();
    }

    /// <summary>The fetch ends first: what is told of a cancellation may be code of the application, which may throw or block.</summary>
    private void Leave(FetchEnd end)
    {
        if (_ended.TrySetResult(end))
        {
            ForeignCode.Tell(_cancellation, static cancellation => cancellation.Cancel());
        }
    }
}
