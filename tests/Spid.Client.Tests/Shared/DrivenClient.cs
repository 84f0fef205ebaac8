using Microsoft.Extensions.Logging;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Shared;

/// <summary>A <see cref="TokenClient"/> over a <see cref="StubSpid"/> whose retries and timeouts a test drives through in virtual time.</summary>
internal sealed class DrivenClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _httpClient;
    private readonly Lock _driving = new();
    private int _blocked;

    public DrivenClient(Action<SpidClientOptions>? configure = null, ILoggerFactory? loggerFactory = null)
    {
        Options = TestClient.Options();
        configure?.Invoke(Options);
        Time = new ObservedTime(Options.Resilience);
        _httpClient = new HttpClient(Spid, disposeHandler: false);
        Tokens = new TokenClient(Options, _httpClient, Time, loggerFactory);
    }

    public StubSpid Spid { get; } = new();

    public ObservedTime Time { get; }

    public SpidClientOptions Options { get; }

    public TokenClient Tokens { get; }

    /// <summary>Gets the number of requests that <see cref="Hang"/> holds.</summary>
    public int Blocked => Volatile.Read(ref _blocked);

    public TokenEntry Entry => Tokens.Cache.Default;

    /// <summary>Makes the endpoint accept requests and never answer them.</summary>
    public void Hang() => Spid.Answer = async (_, _, cancellationToken) =>
    {
        await StallAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("A request that hangs has ended.");
    };

    /// <summary>Holds a request for some virtual time.</summary>
    public async Task StallAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using var stall = new Stall(() => Interlocked.Increment(ref _blocked), () => Interlocked.Decrement(ref _blocked));

        // Set in motion later, or the timer would count as a pause of the client.
        await using ITimer timer = Time.CreateTimer(_ => stall.End(cancelled: false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(_ => stall.End(cancelled: true), null);
        timer.Change(duration, Timeout.InfiniteTimeSpan);
        await stall.BeginAsync();
    }

    /// <summary>Waits until the default entry fetches nothing; its pauses and timeouts pass in virtual steps.</summary>
    public Task SettleAsync(TimeSpan? step = null) => DriveAsync(() => !Entry.IsFetching, step);

    /// <summary>Waits for a task while the pauses and timeouts that it depends on pass in virtual steps.</summary>
    public async Task<T> DriveAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        await DriveAsync(() => task.IsCompleted, step);
        return await task;
    }

    /// <summary>Waits for a condition; the clock moves only while the client waits for it.</summary>
    public async Task DriveAsync(Func<bool> condition, TimeSpan? step = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            if (!TryStep(step ?? TimeSpan.FromMilliseconds(100)))
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Moves the clock by one step once a fetch under way waits for the clock or has ended.</summary>
    public async Task StepAsync(TimeSpan step)
    {
        await DriveUntilWaitingAsync();
        Time.Advance(step);
        await DriveUntilWaitingAsync();
    }

    /// <summary>Gets a token now, and gives the failure instead of throwing it.</summary>
    public async Task<SpidException?> FailureAsync(TokenRequest? request = null)
    {
        Task<ServerToken> call = request is null ? Tokens.GetTokenAsync().AsTask() : Tokens.GetTokenAsync(request).AsTask();
        await DriveAsync(() => call.IsCompleted);
        return call.Exception?.InnerException as SpidException;
    }

    public void Dispose()
    {
        Tokens.Dispose();
        _httpClient.Dispose();
        Spid.Dispose();
    }

    private Task DriveUntilWaitingAsync() => Wait.UntilAsync(() => !Entry.IsFetching || Time.Pauses > 0 || Blocked > 0);

    /// <summary>Many may drive at once, one at a time: a pause that has just fired still counts until its timer has been told.</summary>
    private bool TryStep(TimeSpan step)
    {
        if (!_driving.TryEnter())
        {
            return false;
        }

        try
        {
            bool waits = Time.Pauses > 0 || Blocked > 0;
            if (waits)
            {
                Time.Advance(step);
            }

            return waits;
        }
        finally
        {
            _driving.Exit();
        }
    }
}
