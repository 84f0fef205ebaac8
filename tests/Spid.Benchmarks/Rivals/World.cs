using System.Net;
using System.Text;

namespace Spid.Benchmarks.Rivals;

/// <summary>The token endpoint and the service in memory, with the faults that a scenario asks for and a count of what arrives.</summary>
internal sealed class World(TimeSpan lifetime) : HttpMessageHandler
{
    public static readonly Uri Service = new("https://service.example.com/messages");

    private int _issued;
    private int _tokenRequests;
    private volatile TaskCompletionSource? _hanging;

    public int TokenRequests => Volatile.Read(ref _tokenRequests);

    /// <summary>Gets or sets a value indicating whether the token endpoint answers 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Gets or sets the number of the first token that the service accepts.</summary>
    public int FirstAccepted { get; set; } = 1;

    /// <summary>Makes the service refuse every token that was issued so far.</summary>
    public void RevokeAll() => FirstAccepted = Volatile.Read(ref _issued) + 1;

    public void Hang() => _hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _hanging, null)?.SetResult();

    /// <summary>A connection to both; disposing of it leaves the world as it is.</summary>
    public HttpClient CreateClient() => new(this, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.Host == Service.Host)
        {
            return new HttpResponseMessage(Accepts(request.Headers.Authorization?.Parameter) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        }

        Interlocked.Increment(ref _tokenRequests);
        if (_hanging is { } hanging)
        {
            await hanging.Task.WaitAsync(cancellationToken);
        }

        return IsDown
            ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
            : Json($$"""{"access_token":"token-{{Interlocked.Increment(ref _issued)}}","token_type":"Bearer","expires_in":{{(int)lifetime.TotalSeconds}}}""");
    }

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private bool Accepts(string? token) => token?.Split('-') is ["token", var number] && int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) >= FirstAccepted;
}
