using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>Runs the fetches that <see cref="KeySetState"/> has started, and reports how they went.</summary>
internal sealed class KeySetFetch(VerifierSettings settings, VerifierParts parts, KeySetState state)
{
    private readonly JwksEndpoint _endpoint = new(settings, parts);
    private readonly CancellationToken _lifetime = state.Lifetime;

    /// <summary>Runs a fetch that was just started. Neither the cancellation nor the context of the caller reaches into it.</summary>
    public void Run(SharedFetch fetch) => ThreadPool.UnsafeQueueUserWorkItem(
        static work => _ = work.Runner.RunAsync(work.Fetch), (Runner: this, Fetch: fetch), preferLocal: false);

    /// <summary>Joins the fetch under way, or starts and runs one.</summary>
    /// <exception cref="ObjectDisposedException">The key set was disposed.</exception>
    public SharedFetch StartOrJoin(string cause)
    {
        SharedFetch fetch = state.StartOrJoin(cause, out bool starts);
        if (starts)
        {
            Run(fetch);
        }

        return fetch;
    }

    private async Task RunAsync(SharedFetch fetch)
    {
        JwksAnswer? answer = null;
        SpidException? error = null;
        try
        {
            answer = await _endpoint.FetchAsync(_lifetime).ConfigureAwait(false);
            state.Take(answer, settings.Keys);
        }
        catch (Exception exception)
        {
            // All others than SpidException come from a listener of the application, or from the disposal of the set.
            error = exception as SpidException ?? Failures.Unreachable(settings.JwksEndpoint, $"the fetch ended ({exception.GetType().Name})");
            state.Fail(error);
        }

        TryReport(fetch, answer, error);
        fetch.End(error);
    }

    private void TryReport(SharedFetch fetch, JwksAnswer? answer, SpidException? error)
    {
        try
        {
            if (answer is not null)
            {
                Report(answer, fetch.Cause);
            }
            else if (!_lifetime.IsCancellationRequested)
            {
                Report(error!, fetch.Cause);
            }
        }
        catch (Exception)
        {
            // A logger or listener of the application failed. The fetch has gone as it has gone.
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

        if (answer.Malformed > 0)
        {
            Log.KeysMalformed(parts.Logger, settings.Name, answer.Malformed);
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
