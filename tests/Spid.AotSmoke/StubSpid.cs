using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Spid.AotSmoke;

/// <summary>SPiD and a service behind one handler: tokens are numbered, and the service accepts the newest only.</summary>
internal sealed class StubSpid : HttpMessageHandler
{
    private int _tokens;

    /// <summary>Gets or sets the OAuth error that the token endpoint answers with.</summary>
    public string? Error { get; set; }

    public ConcurrentQueue<string> Forms { get; } = new();

    public ConcurrentQueue<string?> Calls { get; } = new();

    public string NewestToken => $"token-{Volatile.Read(ref _tokens)}";

    /// <summary>Makes the service refuse the token that it accepted until now.</summary>
    public void Revoke() => Interlocked.Increment(ref _tokens);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath != "/oauth/token")
        {
            Calls.Enqueue(request.Headers.Authorization?.ToString());
            return new HttpResponseMessage(request.Headers.Authorization?.Parameter == NewestToken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        }

        Forms.Enqueue(WebUtility.UrlDecode(await request.Content!.ReadAsStringAsync(cancellationToken)));
        return Error is { } error
            ? Json(HttpStatusCode.BadRequest, $$"""{"error":"{{error}}"}""")
            : Json(HttpStatusCode.OK, $$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","token_type":"Bearer","expires_in":900}""");
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status)
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };
}
