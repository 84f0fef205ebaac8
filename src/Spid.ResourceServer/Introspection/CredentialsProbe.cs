using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Asks about a made-up token to find out whether the endpoint accepts the credentials. It has no effect on calls for real tokens, unless it shows
/// that the credentials are refused.
/// </summary>
/// <remarks>
/// A 403 without a code means either that the token is refused or that the credentials are. It means the latter only if the made-up token is
/// refused in the same way and no token has had an answer lately. Where the credentials turn out to be accepted after all, the endpoint
/// refuses made-up tokens as such, and its 403 is never again taken for more than a refusal of the token.
/// </remarks>
internal sealed class CredentialsProbe(
    ITokenStatusEndpoint endpoint, IntrospectionCall call, IntrospectionHealth health, IntrospectionSettings settings, TimeProvider timeProvider, CredentialsProbe? previous = null)
{
    /// <summary>The pause that follows a conclusion keeps all tokens away, so most of the time before the next one is left for an answer that disproves it.</summary>
    private const int BreaksBetweenConclusions = 10;

    private readonly MonotonicClock _clock = new(timeProvider);
    private readonly Lock _gate = new();
    private long _restsUntil = previous?._restsUntil ?? long.MinValue;
    private long _answers;
    private bool _hasConcluded = previous?._hasConcluded ?? false;
    private bool _isConclusive = previous?._isConclusive ?? true;
    private Task _running = Task.CompletedTask;

    /// <summary>Gets a task that ends with the latest probe.</summary>
    public Task Running => Volatile.Read(ref _running);

    /// <summary>Takes note that the endpoint has answered about a token, which it does for accepted credentials only.</summary>
    public void NoteAnswer()
    {
        lock (_gate)
        {
            _answers++;
            _isConclusive &= !_hasConcluded;
            _restsUntil = _clock.Now + (long)settings.BreakDuration.TotalMilliseconds;
        }
    }

    /// <summary>Looks into a 403 without a code, in the background; one probe at a time, and none shortly after another or after an answer.</summary>
    public void Start()
    {
        long answers;
        lock (_gate)
        {
            long now = _clock.Now;
            if (!_isConclusive || now < _restsUntil || health.Pause.Current is not null)
            {
                return;
            }

            answers = _answers;
            _restsUntil = now + (long)(settings.Timeout + settings.BreakDuration).TotalMilliseconds;
        }

        Volatile.Write(ref _running, RunAsync(answers));
    }

    /// <summary>Asks once. Of everything that can go wrong only a refusal of the credentials is noted.</summary>
    /// <exception cref="SpidException">The endpoint cannot serve any token.</exception>
    public async Task<TokenStatusAnswer> AskAsync(CancellationToken linkedToken, CancellationToken callerToken)
    {
        try
        {
            return await call.SendAsync(endpoint.MakeUpToken(), linkedToken, callerToken).ConfigureAwait(false);
        }
        catch (SpidException exception) when (exception.Kind == SpidErrorKind.Configuration)
        {
            health.Failed(exception);
            throw;
        }
    }

    private async Task RunAsync(long answers)
    {
        try
        {
            using var timeout = new CancellationTokenSource(settings.Timeout, timeProvider);
            TokenStatusAnswer answer = await AskAsync(timeout.Token, CancellationToken.None).ConfigureAwait(false);
            if (answer is { LeavesCredentialsInDoubt: true, Fault: { } fault })
            {
                Conclude(fault, answers);
            }
        }
        catch (Exception)
        {
            // The call has been measured, and what it says of the credentials has been noted.
        }
    }

    private void Conclude(SpidException fault, long answersBefore)
    {
        lock (_gate)
        {
            if (_answers != answersBefore)
            {
                return;
            }

            _hasConcluded = true;
            _restsUntil = _clock.Now + (BreaksBetweenConclusions * (long)settings.BreakDuration.TotalMilliseconds);
        }

        health.Failed(new SpidException(
            SpidErrorKind.Configuration,
            $"{Failures.NameOf(endpoint.Address)} answered 403 for every token, a made-up one included. Check ClientId and ClientSecret, and that the client may use this endpoint.",
            fault.InnerException,
            fault.SpidStatusCode));
    }
}
