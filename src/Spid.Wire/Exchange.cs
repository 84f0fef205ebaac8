using System.Net;
using Spid.Client;

namespace Spid.Wire;

/// <summary>One request to SPiD and its whole answer. Every way in which that can fail leaves as a <see cref="SpidException"/>.</summary>
/// <param name="client">Sends the request.</param>
/// <param name="request">The request. It is disposed of here, when it has ended: who waits for it may have left long before.</param>
/// <param name="read">Reads the body of a success.</param>
/// <param name="timeProvider">The clock for dates in an answer that does not say what the time is.</param>
internal sealed class Exchange<TAnswer>(HttpClient client, HttpRequestMessage request, AnswerReader<TAnswer> read, TimeProvider timeProvider)
{
    private readonly Uri _endpoint = request.RequestUri!;
    private readonly TaskCompletionSource<TAnswer> _answered = new();
    private CancellationTokenRegistration _leaving;

    /// <summary>Gets how long the body may be.</summary>
    public int Limit { get; init; } = BoundedBody.Limit;

    /// <summary>Gets a value indicating whether a success must not say that it is something other than JSON.</summary>
    public bool JsonOnly { get; init; }

    /// <summary>Gets what reads the body of a 404, where that can be an answer; it gives <see langword="null"/> where it is none.</summary>
    public AnswerReader<TAnswer>? ReadNotFound { get; init; }

    /// <summary>
    /// Gets a value indicating whether the request starts on another thread than the caller's, which a handler of the application may block. Not needed
    /// where the caller has given it a thread already.
    /// </summary>
    public bool UsesOtherThread { get; init; }

    /// <summary>Sends the request, once.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What the answer says.</returns>
    public Task<TAnswer> SendAsync(CancellationToken cancellationToken)
    {
        // A handler of the application may ignore cancellation, so its end is not awaited. Registered before the request is sent, because
        // callbacks run in reverse order: a request that honours cancellation has been told by the time we leave. The source may be
        // disposed right after it was cancelled, and a request that has not been told by then never would be.
        _leaving = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource<TAnswer>)state!).TrySetCanceled(token), _answered);
        Start(cancellationToken);
        return _answered.Task;
    }

    private void Start(CancellationToken cancellationToken)
    {
        if (UsesOtherThread)
        {
            OtherThread.Run(static state => _ = state.Exchange.RunAsync(state.CancellationToken), (Exchange: this, CancellationToken: cancellationToken));
        }
        else
        {
            _ = RunAsync(cancellationToken);
        }
    }

    /// <summary>Completes the task of a caller that still waits. There is no unobserved exception, whose text could quote the server.</summary>
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            TAnswer answer;
            using (request)
            {
                // The thread may come late: what has been cancelled by then is not sent.
                cancellationToken.ThrowIfCancellationRequested();
                using HttpResponseMessage response = await client
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                    .ConfigureAwait(false);
                using BoundedBody? body = await BoundedBody.ReadAsync(response.Content, Limit, cancellationToken).ConfigureAwait(false);
                answer = Read(response, body);
            }

            _leaving.Unregister();
            _answered.TrySetResult(answer);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _answered.TrySetCanceled(cancellationToken);
        }
        catch (Exception exception)
        {
            _leaving.Unregister();
            _answered.TrySetException(Explain(exception));
        }
    }

    private SpidException Explain(Exception exception) => exception switch
    {
        SpidException known => known,

        // HttpClient reports its own timeout as a cancellation.
        OperationCanceledException => Failures.Unreachable(_endpoint, "it did not answer in time", exception),
        HttpRequestException or IOException or InvalidDataException => Failures.Unreachable(_endpoint, exception),

        // A handler of the application's own, such as a resilience handler that all its clients get.
        _ => Failures.Unreachable(_endpoint, $"the HTTP pipeline failed ({exception.GetType().Name})", Failures.QuotesServer(exception) ? null : exception),
    };

    private TAnswer Read(HttpResponseMessage response, BoundedBody? body)
    {
        if (response.StatusCode == HttpStatusCode.NotFound && body is not null && ReadNotFound is not null && ReadNotFound(body.Bytes, out _) is { } none)
        {
            return none;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw Failures.Refused(_endpoint, response, body is null ? default : ErrorAnswer.Read(body.Bytes), timeProvider);
        }

        if (JsonOnly && !IsJson(response.Content.Headers.ContentType?.MediaType))
        {
            throw Failures.Unreadable(_endpoint, response.StatusCode, "it does not say that it is JSON");
        }

        string? fault = $"it is longer than {Limit} bytes";
        TAnswer? answer = body is null ? default : read(body.Bytes, out fault);
        return answer ?? throw Failures.Unreadable(_endpoint, response.StatusCode, fault!);
    }

    /// <summary>A signed answer (RFC 9701) is no JSON, nor is a page of a proxy. An answer that does not say what it is may pass.</summary>
    private static bool IsJson(string? mediaType) => mediaType is null
        || mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || (mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
