using Spid.Client;
using Spid.Client.Http;
using Spid.Client.Tokens;

namespace Spid.Benchmarks.Subjects;

/// <summary>A client of the stub endpoint, as a user would make it by hand.</summary>
internal sealed class Subject : IDisposable
{
    public static readonly Uri Service = new("https://service.example.com/messages");

    private readonly HttpClient _backchannel;

    public Subject(TimeProvider? timeProvider = null, TimeSpan? lifetime = null, int maximumEntries = 10_000)
    {
        Endpoint = new TokenEndpointStub(lifetime ?? TimeSpan.FromDays(1));
        _backchannel = new HttpClient(Endpoint, disposeHandler: false);
        Tokens = new TokenClient(
            new SpidClientOptions
            {
                Environment = SpidEnvironment.PreProduction,
                ClientId = "4e8463569caf7ca019000007",
                ClientSecret = "secret",
                Scope = "read:messages",
                Cache = { MaximumEntries = maximumEntries },
            },
            _backchannel,
            timeProvider);
    }

    public TokenEndpointStub Endpoint { get; }

    public TokenClient Tokens { get; }

    public static TokenRequest Request(int number) => new($"read:messages-{number}", $"https://service-{number}.example.com");

    /// <summary>Fills the cache with the default token and with one for each request.</summary>
    public async Task WarmAsync(params TokenRequest[] requests)
    {
        await Tokens.GetTokenAsync();
        foreach (TokenRequest request in requests)
        {
            await Tokens.GetTokenAsync(request);
        }
    }

    /// <summary>Looks the default token up; a loop that fell out of the cache would measure something else.</summary>
    public ServerToken Hit() => Completed(Tokens.GetTokenAsync());

    public ServerToken Hit(TokenRequest request) => Completed(Tokens.GetTokenAsync(request));

    public HttpMessageInvoker CreateInvoker(HttpMessageHandler service)
    {
        var options = new SpidTokenHandlerOptions();
        options.AllowedOrigins.Add(Service.GetLeftPart(UriPartial.Authority));
        return new HttpMessageInvoker(new SpidTokenHandler(Tokens, options) { InnerHandler = service });
    }

    public void Dispose()
    {
        Tokens.Dispose();
        _backchannel.Dispose();
        Endpoint.Dispose();
    }

    private static ServerToken Completed(ValueTask<ServerToken> token) =>
        token.IsCompletedSuccessfully ? token.Result : throw new InvalidOperationException("The token is not in the cache.");
}
