using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Spid.Hosts.Tests.Shared;

/// <summary>The service that is called: it records each attempt and wants a token that was not revoked.</summary>
internal sealed class Api
{
    private readonly ConcurrentDictionary<string, bool> _revoked = new();
    private int _failures;
    private bool _revokesOnFailure;

    public ConcurrentQueue<ApiAttempt> Attempts { get; } = new();

    public string LatestToken => Attempts.Last().Token ?? "";

    /// <summary>Gets or sets a value indicating whether the application behind decides which token is valid.</summary>
    public bool RecordsOnly { get; set; }

    /// <summary>Gets or sets where the service redirects to.</summary>
    public Uri? RedirectTarget { get; set; }

    public void Revoke(string token) => _revoked[token] = true;

    /// <summary>Answers 503 to the next attempts with a valid token.</summary>
    /// <param name="attempts">How many; 0 ends the failure.</param>
    /// <param name="revoke">Whether the tokens of these attempts are revoked at the same time.</param>
    public void Fail(int attempts, bool revoke = false)
    {
        _revokesOnFailure = revoke;
        Volatile.Write(ref _failures, attempts);
    }

    public HttpStatusCode Receive(string method, Uri? uri, string? authorization, string body = "")
    {
        var attempt = new ApiAttempt(method, uri, authorization, body);
        Attempts.Enqueue(attempt);
        if (RecordsOnly)
        {
            return HttpStatusCode.OK;
        }

        if (attempt.Token is not { } token || _revoked.ContainsKey(token))
        {
            return HttpStatusCode.Unauthorized;
        }

        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            if (_revokesOnFailure)
            {
                Revoke(token);
            }

            return HttpStatusCode.ServiceUnavailable;
        }

        return RedirectTarget is { } target && uri?.GetLeftPart(UriPartial.Authority) != target.GetLeftPart(UriPartial.Authority)
            ? HttpStatusCode.TemporaryRedirect
            : HttpStatusCode.OK;
    }

    /// <summary>Lets requests with a valid token through to an application.</summary>
    public Task ReceiveAsync(HttpContext context, RequestDelegate next)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        int status = (int)Receive(context.Request.Method, new Uri(context.Request.GetEncodedUrl()), authorization.Length == 0 ? null : authorization);
        if (status == StatusCodes.Status200OK)
        {
            return next(context);
        }

        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public HttpMessageHandler CreateHandler() => new ApiHandler(this);
}
