using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>SPiD's two endpoints for verifiers, with whatever answer a test wants.</summary>
internal sealed class StubSpid : HttpMessageHandler
{
    private readonly ConcurrentQueue<(HttpRequestMessage Message, string Body)> _requests = new();
    private int _keyFetches;
    private int _introspections;
    private int _lookUps;
    private int _tokenRequests;
    private int _running;
    private int _mostRunning;

    public Func<CancellationToken, Task<HttpResponseMessage>> Keys { get; set; } = _ => Task.FromResult(Status(HttpStatusCode.NotFound));

    public Func<string, CancellationToken, Task<HttpResponseMessage>> Introspect { get; set; } = (_, _) => Task.FromResult(Json("""{"active":false}"""));

    /// <summary>Gets or sets how it answers look-ups of tokens, by the path and the server token.</summary>
    public Func<string, string, CancellationToken, Task<HttpResponseMessage>> LookUp { get; set; } = (_, _, _) => Task.FromResult(Status(HttpStatusCode.NotFound));

    /// <summary>Gets or sets how it answers requests for server tokens, by their number.</summary>
    public Func<int, HttpResponseMessage> Token { get; set; } = number => Json($$"""{"access_token":"own-{{number}}","expires_in":900}""");

    public int KeyFetches => Volatile.Read(ref _keyFetches);

    public int LookUps => Volatile.Read(ref _lookUps);

    public int TokenRequests => Volatile.Read(ref _tokenRequests);

    public int Introspections => Volatile.Read(ref _introspections);

    /// <summary>Gets how many introspections ran at once at most.</summary>
    public int MostRunning => Volatile.Read(ref _mostRunning);

    /// <summary>Gets or sets a value indicating whether requests are kept; a test that weighs the heap wants none.</summary>
    public bool KeepsRequests { get; set; } = true;

    public (HttpRequestMessage Message, string Body)[] Requests => [.. _requests];

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) => Text(body, "application/json", status);

    public static HttpResponseMessage Text(string body, string? contentType, HttpStatusCode status = HttpStatusCode.OK) => Bytes(Encoding.UTF8.GetBytes(body), contentType, status);

    public static HttpResponseMessage Bytes(byte[] body, string? contentType, HttpStatusCode status = HttpStatusCode.OK)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return new HttpResponseMessage(status) { Content = content };
    }

    public static HttpResponseMessage Status(HttpStatusCode status) => new(status) { Content = new ByteArrayContent([]) };

    public static Task<HttpResponseMessage> NeverAsync(CancellationToken cancellationToken) =>
        new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);

    public void AnswerKeys(string keySet) => Keys = _ => Task.FromResult(Json(keySet));

    public void AnswerIntrospection(string body) => Introspect = (_, _) => Task.FromResult(Json(body));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (KeepsRequests)
        {
            _requests.Enqueue((request, body));
        }

        if (request.RequestUri!.AbsolutePath == "/oauth/jwks")
        {
            Interlocked.Increment(ref _keyFetches);
            return await Keys(cancellationToken);
        }

        if (request.RequestUri.AbsolutePath == "/oauth/token")
        {
            return Token(Interlocked.Increment(ref _tokenRequests));
        }

        if (request.RequestUri.AbsolutePath.StartsWith("/api/2/", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _lookUps);
            return await LookUp(request.RequestUri.AbsolutePath, $"{request.Headers.Authorization}", cancellationToken);
        }

        Interlocked.Increment(ref _introspections);
        int running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _mostRunning, running);
        try
        {
            return await Introspect(body, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) is var found && found == seen ? value : found;
        }
    }
}
