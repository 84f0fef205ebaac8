using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Spid.Client.Tests.Shared;

/// <summary>A service that wants a token. It reads bodies as a connection does: copied once, never buffered.</summary>
internal sealed class StubApi : HttpMessageHandler
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ConcurrentQueue<ApiCall> Calls { get; } = new();

    public Func<ApiCall, Task<HttpResponseMessage>> Answer { get; set; } = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));

    /// <summary>Gets or sets what is done with the message itself, as a redirect or an untidy handler does.</summary>
    public Action<HttpRequestMessage> Touch { get; set; } = _ => { };

    public string?[] Tokens => [.. Calls.Select(call => call.Token)];

    public static HttpResponseMessage Unauthorized(string? body = null, string mediaType = "application/json") => new(HttpStatusCode.Unauthorized)
    {
        Content = new StringContent(body ?? """{"error":"invalid_token","error_code":401,"type":"OAuthException"}""", Encoding.UTF8, mediaType),
    };

    public void AnswerWith(Func<ApiCall, HttpResponseMessage> answer) => Answer = call => Task.FromResult(answer(call));

    /// <summary>Answers 401 to the tokens named, and 200 to all others.</summary>
    public void Refuse(params string[] tokens) =>
        AnswerWith(call => tokens.Contains(call.Token) ? Unauthorized() : new HttpResponseMessage(HttpStatusCode.OK));

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, context: null, cancellationToken);
        return Note(request, body).GetAwaiter().GetResult();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }

        return await Note(request, body).WaitAsync(cancellationToken);
    }

    private Task<HttpResponseMessage> Note(HttpRequestMessage request, MemoryStream body)
    {
        ApiCall call = ApiCall.From(Interlocked.Increment(ref _count), request, body.ToArray());
        Calls.Enqueue(call);
        Touch(request);
        return Answer(call);
    }
}
