using System.Net;
using System.Net.Http.Headers;
using RichardSzalay.MockHttp;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Shared;

/// <summary>A <see cref="TokenClient"/> over MockHttp, for one thread. A request that nobody expects fails with its URL.</summary>
internal sealed class MockSpid : IDisposable
{
    public const string TokenEndpoint = "https://identity-pre.schibsted.com/oauth/token";
    public const string ClientId = "4e8463569caf7ca019000007";
    public const string ClientSecret = "foobar";

    private readonly HttpClient _httpClient;

    public MockSpid(Action<SpidClientOptions>? configure = null)
    {
        SpidClientOptions options = Options();
        configure?.Invoke(options);
        Http.Fallback.Respond((HttpRequestMessage request) => throw new InvalidOperationException($"Nothing is expected at {request.Method} {request.RequestUri}."));
        _httpClient = new HttpClient(Http, disposeHandler: false);
        Tokens = new TokenClient(options, _httpClient, Time);
    }

    public MockHttpMessageHandler Http { get; } = new();

    public PausingClock Time { get; } = new(longestPause: TimeSpan.FromSeconds(3));

    public TokenClient Tokens { get; }

    /// <summary>The client of SPiD's own documentation.</summary>
    public static SpidClientOptions Options() => new()
    {
        Environment = SpidEnvironment.PreProduction,
        ClientId = ClientId,
        ClientSecret = ClientSecret,
        Resilience = { RetryAttempts = 0 },
    };

    /// <summary>Expects the next request to be one to the token endpoint.</summary>
    public MockedRequest Expect() => Http.Expect(HttpMethod.Post, TokenEndpoint);

    /// <summary>Answers every request to the token endpoint alike.</summary>
    public MockedRequest AnswerAlways(HttpStatusCode status, string body)
    {
        MockedRequest request = Http.When(HttpMethod.Post, TokenEndpoint);
        request.Respond(status, "application/json", body);
        return request;
    }

    /// <summary>Answers every request with these bytes, as they are.</summary>
    public MockedRequest AnswerAlways(HttpStatusCode status, byte[] body)
    {
        MockedRequest request = Http.When(HttpMethod.Post, TokenEndpoint);
        request.Respond(_ => new HttpResponseMessage(status)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        });
        return request;
    }

    /// <summary>Keeps what is sent, its form as the text that goes over the wire.</summary>
    public async Task<SentRequest> CaptureAsync(TokenRequest? request, CancellationToken cancellationToken)
    {
        SentRequest? sent = null;
        Http.Expect(HttpMethod.Post, "*").Respond(async (HttpRequestMessage message) =>
        {
            sent = await SentRequest.CopyAsync(message);
            return StubSpid.Token("captured");
        });
        _ = request is null ? await Tokens.RequestTokenAsync(cancellationToken) : await Tokens.RequestTokenAsync(request, cancellationToken);
        return sent!;
    }

    /// <summary>Asks past the cache, and gives the failure that is expected.</summary>
    public async Task<SpidException> FailAsync(CancellationToken cancellationToken) =>
        await CatchAsync(RunAsync(Tokens.RequestTokenAsync(cancellationToken), cancellationToken));

    /// <summary>Asks the cache, and gives the failure that is expected.</summary>
    public async Task<SpidException> FailThroughCacheAsync(CancellationToken cancellationToken) =>
        await CatchAsync(RunAsync(Tokens.GetTokenAsync(cancellationToken).AsTask(), cancellationToken));

    /// <summary>Waits for a call that pauses before it tries again.</summary>
    public Task<T> RunAsync<T>(Task<T> call, CancellationToken cancellationToken) => Time.SkipPausesAsync(call, cancellationToken);

    public void Dispose()
    {
        Tokens.Dispose();
        _httpClient.Dispose();
        Http.Dispose();
    }

    private static async Task<SpidException> CatchAsync(Task<ServerToken> call)
    {
        try
        {
            ServerToken token = await call;
            throw new AssertionException($"A failure was expected, and there is {token}.");
        }
        catch (SpidException exception)
        {
            return exception;
        }
    }
}
