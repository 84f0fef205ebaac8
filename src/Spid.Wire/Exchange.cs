using System.Net;
using Spid.Client;

namespace Spid.Wire;

/// <summary>One request to SPiD and its whole answer. Every way in which that can fail leaves as a <see cref="SpidException"/>.</summary>
internal static class Exchange
{
    /// <param name="client">Sends the request.</param>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads the body of a success.</param>
    /// <param name="timeProvider">The clock for dates in an answer that does not say what the time is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="limit">How long the body may be.</param>
    /// <param name="jsonOnly">Whether a success must not say that it is something other than JSON.</param>
    /// <param name="readNotFound">Reads the body of a 404, where that can be an answer; gives <see langword="null"/> where it is none.</param>
    public static async Task<TAnswer> SendAsync<TAnswer>(
        HttpClient client,
        HttpRequestMessage request,
        AnswerReader<TAnswer> read,
        TimeProvider timeProvider,
        CancellationToken cancellationToken,
        int limit = BoundedBody.Limit,
        bool jsonOnly = false,
        AnswerReader<TAnswer>? readNotFound = null)
    {
        Uri endpoint = request.RequestUri!;
        var answered = new TaskCompletionSource<TAnswer>();

        // A handler of the application may ignore cancellation, so its end is not awaited. Registered before the request is sent, because
        // callbacks run in reverse order: a request that honours cancellation has been told by the time we leave. The source may be
        // disposed right after it was cancelled, and a request that has not been told by then never would be.
        using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<TAnswer>)state!).TrySetCanceled(token), answered);
        try
        {
            _ = RunAsync(answered, client, request, endpoint, read, timeProvider, limit, jsonOnly, readNotFound, cancellationToken);
            return await answered.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // HttpClient reports its own timeout as a cancellation.
            throw Failures.Unreachable(endpoint, "it did not answer in time", exception);
        }
        catch (Exception exception) when (exception is (HttpRequestException and not SpidException) or IOException or InvalidDataException)
        {
            throw Failures.Unreachable(endpoint, exception);
        }
        catch (Exception exception) when (exception is not (SpidException or OperationCanceledException))
        {
            // A handler of the application's own, such as a resilience handler that all its clients get.
            throw Failures.Unreachable(endpoint, $"the HTTP pipeline failed ({exception.GetType().Name})", Failures.QuotesServer(exception) ? null : exception);
        }
    }

    /// <summary>Completes the task of a caller that still waits. There is no unobserved exception, whose text could quote the server.</summary>
    private static async Task RunAsync<TAnswer>(
        TaskCompletionSource<TAnswer> answered,
        HttpClient client,
        HttpRequestMessage request,
        Uri endpoint,
        AnswerReader<TAnswer> read,
        TimeProvider timeProvider,
        int limit,
        bool jsonOnly,
        AnswerReader<TAnswer>? readNotFound,
        CancellationToken cancellationToken)
    {
        try
        {
            TAnswer answer;
            using (HttpResponseMessage response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false))
            using (BoundedBody? body = await BoundedBody.ReadAsync(response.Content, limit, cancellationToken).ConfigureAwait(false))
            {
                answer = Read(endpoint, response, body, read, timeProvider, limit, jsonOnly, readNotFound);
            }

            answered.TrySetResult(answer);
        }
        catch (Exception exception)
        {
            answered.TrySetException(exception);
        }
    }

    private static TAnswer Read<TAnswer>(
        Uri endpoint,
        HttpResponseMessage response,
        BoundedBody? body,
        AnswerReader<TAnswer> read,
        TimeProvider timeProvider,
        int limit,
        bool jsonOnly,
        AnswerReader<TAnswer>? readNotFound)
    {
        if (response.StatusCode == HttpStatusCode.NotFound && body is not null && readNotFound is not null && readNotFound(body.Bytes, out _) is { } none)
        {
            return none;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw Failures.Refused(endpoint, response, body is null ? default : ErrorAnswer.Read(body.Bytes), timeProvider);
        }

        if (jsonOnly && !IsJson(response.Content.Headers.ContentType?.MediaType))
        {
            throw Failures.Unreadable(endpoint, response.StatusCode, "it does not say that it is JSON");
        }

        string? fault = $"it is longer than {limit} bytes";
        TAnswer? answer = body is null ? default : read(body.Bytes, out fault);
        return answer ?? throw Failures.Unreadable(endpoint, response.StatusCode, fault!);
    }

    /// <summary>A signed answer (RFC 9701) is no JSON, nor is a page of a proxy. An answer that does not say what it is may pass.</summary>
    private static bool IsJson(string? mediaType) => mediaType is null
        || mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || (mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
