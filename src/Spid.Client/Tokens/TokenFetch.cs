using System.Diagnostics;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <summary>
/// One fetch of a token: what it is for, and what it has come to. It is written by one thread at a time, and may be read while that thread is
/// still held by code of the application.
/// </summary>
internal sealed class TokenFetch : IDisposable
{
    private readonly TaskCompletionSource<bool> _timeIsUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private Activity? _activity;
    private FetchedToken? _token;
    private string? _refusedSecret;
    private bool _isInTurn;

    public TokenFetch(TokenRequest request, FetchCause cause, RefreshDeadline? deadline, TimeSpan timeout, TimeProvider timeProvider)
    {
        Request = request;
        Cause = cause;
        Deadline = deadline;
        _timer = timeProvider.CreateTimer(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), _timeIsUp, timeout, Timeout.InfiniteTimeSpan);
    }

    public TokenRequest Request { get; }

    public FetchCause Cause { get; }

    public RefreshDeadline? Deadline { get; }

    /// <summary>Gets a task that completes when the total timeout has elapsed, which bounds every wait.</summary>
    public Task TimeIsUp => _timeIsUp.Task;

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

    public void Dispose() => _timer.Dispose();
}
