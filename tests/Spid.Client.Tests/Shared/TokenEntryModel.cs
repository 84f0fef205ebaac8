using System.Collections.Concurrent;

namespace Spid.Client.Tests.Shared;

/// <summary>
/// Drives one cache entry step by step beside a model that knows what SPiD issued and when. The model says when a caller must be
/// served at once, when a fetch must be under way, and which tokens may be given to whom.
/// </summary>
internal sealed class TokenEntryModel : IDisposable
{
    /// <summary>The shortest that a deadline leaves an attempt, so that the model need not know what was fetched for.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long a token without a lifetime is shared.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly int?[] Lifetimes = [1, 5, 60, 900, 0, null];

    private readonly DrivenClient _client = new(options =>
    {
        options.Resilience.RetryAttempts = 0;
        options.Resilience.AttemptTimeout = AttemptTimeout;
        options.Resilience.BreakDuration = TimeSpan.FromSeconds(0.5);
    });

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, TimeSpan Life)> _issued = new(StringComparer.Ordinal);
    private readonly List<Caller> _callers = [];
    private TaskCompletionSource<HttpResponseMessage>? _open;
    private DateTimeOffset _asked;
    private int _requests;
    private int _inside;
    private int _mostInside;
    private ServerToken? _last;

    /// <summary>Whether a token may be on its way because one was refused, which is then replaced whatever comes.</summary>
    private bool _mayRenew;
    private (string Token, DateTimeOffset Asked, TimeSpan Life)? _cached;

    public TokenEntryModel() => _client.Spid.Answer = async (_, _, cancellationToken) =>
    {
        _mostInside = Math.Max(_mostInside, Interlocked.Increment(ref _inside));
        var answer = new TaskCompletionSource<HttpResponseMessage>();

        // A request counts until it is told to stop: its thread may come to notice only when the next one has begun.
        await using CancellationTokenRegistration given = cancellationToken.UnsafeRegister(
            _ =>
            {
                if (answer.TrySetCanceled())
                {
                    Interlocked.Decrement(ref _inside);
                }
            },
            null);
        Volatile.Write(ref _open, answer);
        HttpResponseMessage response = await answer.Task;
        Interlocked.Decrement(ref _inside);
        return response;
    };

    private DateTimeOffset Now => _client.Time.GetUtcNow();

    public async Task StepAsync(int operation, int argument)
    {
        switch (operation)
        {
            case 0 or 1 or 2:
                Get();
                break;
            case 3:
                Renew();
                break;
            case 4:
                await AdvanceAsync(TimeSpan.FromMilliseconds(argument % 3000));
                break;
            case 5:
                await AdvanceAsync(TimeSpan.FromSeconds(argument % 1000));
                break;
            case 6 or 7:
                await AnswerAsync(Issue(Lifetimes[argument % Lifetimes.Length]));
                break;
            case 8:
                await AnswerAsync(Refuse(argument));
                break;
            default:
                Cancel(argument);
                break;
        }

        await SettleAsync();
    }

    /// <summary>Lets the last fetch end: no caller may be left waiting.</summary>
    public async Task EndAsync()
    {
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        await SettleAsync();
        Assert.That(_callers, Is.Empty, "callers that nobody frees");
    }

    public void Dispose() => _client.Dispose();

    private void Get()
    {
        Task<ServerToken> call = _client.Tokens.GetTokenAsync().AsTask();
        if (_cached is { } cached)
        {
            TimeSpan age = Now - cached.Asked;
            bool mustServe = age < cached.Life - TimeSpan.FromSeconds(0.001);
            Assert.That(call.IsCompletedSuccessfully || !mustServe, Is.True, $"a caller waits at {age} of {cached.Life}");
        }

        _callers.Add(new Caller(Nullable(call), null, null));

        static async Task<ServerToken?> Nullable(Task<ServerToken> call) => await call;
    }

    private void Renew()
    {
        if (_last is { } rejected)
        {
            _mayRenew = true;
            var leaving = new CancellationTokenSource();
            _callers.Add(new Caller(_client.Tokens.RenewTokenAsync(rejected, leaving.Token).AsTask(), rejected, leaving));
        }
    }

    private void Cancel(int argument)
    {
        Caller[] able = [.. _callers.Where(caller => caller.Leaving is not null)];
        if (able.Length > 0)
        {
            able[argument % able.Length].Leaving!.Cancel();
        }
    }

    /// <summary>A fetch that is held ends by its timeout when the time comes, and the model waits for that end.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        bool timesOut = _client.Entry.IsFetching && Now + time - _asked >= AttemptTimeout;
        _client.Time.Advance(time);
        if (timesOut)
        {
            _open = null;
            await Wait.UntilAsync(() => !_client.Entry.IsFetching);
        }
    }

    private async Task AnswerAsync(HttpResponseMessage response)
    {
        if (_open is { } open)
        {
            _open = null;
            open.SetResult(response);
            await Wait.UntilAsync(() => !_client.Entry.IsFetching);
        }
    }

    private HttpResponseMessage Issue(int? lifetime)
    {
        if (_open is not null)
        {
            string token = $"token-{_issued.Count}";
            var life = TimeSpan.FromSeconds(lifetime ?? 0);
            _issued[token] = (Now, life);
            _cached = life > TimeSpan.Zero ? (token, _asked, life) : _mayRenew ? null : _cached;
            return StubSpid.Token(token, lifetime);
        }

        return StubSpid.Error(500);
    }

    private static HttpResponseMessage Refuse(int argument) => (argument % 4) switch
    {
        0 => StubSpid.Error(503),
        1 => StubSpid.Error(429, retryAfter: TimeSpan.FromSeconds(1 + (argument % 7))),
        2 => StubSpid.Error(401, "invalid_client"),
        _ => StubSpid.Json(System.Net.HttpStatusCode.OK, "<html>"),
    };

    /// <summary>Waits until a fetch that was started has reached SPiD and every caller who can leave has left, and checks those.</summary>
    private async Task SettleAsync()
    {
        await Wait.UntilAsync(() => !_client.Entry.IsFetching || Volatile.Read(ref _open) is not null);
        if (_client.Spid.Count > _requests)
        {
            _requests = _client.Spid.Count;
            _asked = Now;
        }

        Caller[] waiting = [.. _callers];
        if (!_client.Entry.IsFetching)
        {
            await Wait.UntilAsync(() => waiting.All(caller => caller.Call.IsCompleted));
            _mayRenew = false;
        }

        foreach (Caller caller in waiting.Where(caller => caller.Call.IsCompleted))
        {
            _callers.Remove(caller);
            Check(caller);
        }

        Assert.That(_mostInside, Is.LessThanOrEqualTo(1), "fetches at once");
    }

    private void Check(Caller caller)
    {
        if (caller.Call.IsCompletedSuccessfully && caller.Call.Result is { } token)
        {
            (DateTimeOffset at, TimeSpan life) = _issued[token.AccessToken];
            Assert.That(Now - at, Is.LessThan(life > TimeSpan.Zero ? life : Moment), "age of a token given out");
            Assert.That(token.AccessToken, Is.Not.EqualTo(caller.Rejected?.AccessToken), "the refused token as a renewal");
            _last = token;
        }
        else if (caller.Call.IsFaulted)
        {
            Assert.That(caller.Call.Exception!.InnerException, Is.InstanceOf<SpidException>());
        }

        caller.Leaving?.Dispose();
    }

    private sealed record Caller(Task<ServerToken?> Call, ServerToken? Rejected, CancellationTokenSource? Leaving);
}
