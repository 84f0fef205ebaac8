using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>Fetches the key set for all who need it, one fetch at a time, and reports how it went.</summary>
internal sealed class KeySetFetch(VerifierSettings settings, VerifierParts parts, KeySetState state) : IDisposable
{
    private readonly JwksEndpoint _endpoint = new(settings, parts);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _lifetime = new();
    private Task<SpidException?>? _current;

    /// <summary>Gets a value indicating whether a fetch is under way.</summary>
    public bool IsUnderWay => Volatile.Read(ref _current) is not null;

    /// <summary>Gives what the fetch under way, or else a new one, ends with: <see langword="null"/> when it went well.</summary>
    /// <param name="cause">Why the keys are needed.</param>
    /// <param name="seen">How many <see cref="KeySetState.Attempts"/> there had been when the caller looked: one that has ended since is as good as one to join.</param>
    /// <param name="began">Whether it is a new one: one that began before the caller looked does not show what has been published since.</param>
    /// <exception cref="ObjectDisposedException">The key set was disposed.</exception>
    public Task<SpidException?> StartOrJoin(string cause, int seen, out bool began)
    {
        began = false;
        ObjectDisposedException.ThrowIf(_lifetime.IsCancellationRequested, typeof(KeySet));
        TaskCompletionSource<SpidException?> completion;
        lock (_gate)
        {
            if (_current is not null)
            {
                return _current;
            }

            if (state.Attempts != seen)
            {
                return Task.FromResult(state.LastError);
            }

            completion = new TaskCompletionSource<SpidException?>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _current, completion.Task);
            began = true;
        }

        // The fetch belongs to nobody who waits for it: neither their cancellation nor their context may reach into it.
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => _ = work.Fetch.RunAsync(work.Cause, work.Completion), (Fetch: this, Cause: cause, Completion: completion), preferLocal: false);
        return completion.Task;
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private async Task RunAsync(string cause, TaskCompletionSource<SpidException?> completion)
    {
        SpidException? error = null;
        try
        {
            error = await FetchAsync(cause).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A logger or listener of the application failed, or the set was disposed.
            error = Failures.Unreachable(settings.JwksEndpoint, $"the fetch ended ({exception.GetType().Name})");
        }
        finally
        {
            lock (_gate)
            {
                // Another one may have begun while this one was reported.
                _current = _current == completion.Task ? null : _current;
            }

            completion.SetResult(error);
        }
    }

    private async Task<SpidException?> FetchAsync(string cause)
    {
        try
        {
            JwksAnswer answer = await _endpoint.FetchAsync(_lifetime.Token).ConfigureAwait(false);

            // What it leaves and its end show in one step: a caller that sees a failure must not join it later.
            lock (_gate)
            {
                state.Take(answer);
                _current = null;
            }

            Report(answer, cause);
            return null;
        }
        catch (SpidException exception)
        {
            lock (_gate)
            {
                state.Fail(exception);
                _current = null;
            }

            Report(exception, cause);
            return exception;
        }
    }

    private void Report(JwksAnswer answer, string cause)
    {
        parts.Telemetry.KeySetRefreshed(cause, succeeded: true);
        Log.KeySetFetched(parts.Logger, settings.Name, answer.Keys.Length, answer.Skipped);
        if (answer.Ambiguous > 0)
        {
            Log.KeysAmbiguous(parts.Logger, settings.Name, answer.Ambiguous);
        }
    }

    private void Report(SpidException error, string cause)
    {
        parts.Telemetry.KeySetRefreshed(cause, succeeded: false);
        string status = error.SpidStatusCode is { } code ? ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture) : "none";
        if (state.Age is { } age)
        {
            Log.KeySetNotRefreshed(parts.Logger, settings.Name, error.Kind, status, (long)age.TotalSeconds);
        }
        else
        {
            Log.KeySetMissing(parts.Logger, settings.Name, error.Kind, status);
        }
    }
}
