using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Spid.Client.Tests.Shared;

/// <summary>A token endpoint for tests with many threads: counts requests, keeps their forms and answers what it is told to.</summary>
internal sealed class StubSpid : HttpMessageHandler
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ConcurrentQueue<string> Forms { get; } = new();

    public ConcurrentQueue<string?> Authorizations { get; } = new();

    /// <summary>Gets or sets the answer to a request; the number counts from 1.</summary>
    public Func<int, string, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = (number, _, _) => Task.FromResult(Token($"token-{number}"));

    public static HttpResponseMessage Token(string accessToken, int? expiresIn = 900) => Json(
        HttpStatusCode.OK,
        expiresIn is null
            ? $$"""{"access_token":"{{accessToken}}","token_type":"Bearer"}"""
            : string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"{{accessToken}}","token_type":"Bearer","expires_in":{{expiresIn}}}"""));

    public static HttpResponseMessage Error(int status, string code = "", TimeSpan? retryAfter = null)
    {
        HttpResponseMessage response = Json((HttpStatusCode)status, code.Length == 0 ? "{}" : $$"""{"error":"{{code}}"}""");
        if (retryAfter is { } delay)
        {
            response.Headers.RetryAfter = new(delay);
        }

        return response;
    }

    public static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status)
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    public void AnswerWith(Func<int, HttpResponseMessage> answer) => Answer = (number, _, _) => Task.FromResult(answer(number));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _count);
        string form = await request.Content!.ReadAsStringAsync(cancellationToken);
        Forms.Enqueue(form);
        Authorizations.Enqueue(request.Headers.Authorization?.ToString());
        return await Answer(number, form, cancellationToken);
    }
}
