using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Spid.Client;
using Spid.Client.Tokens;

namespace Spid.Schedules.Stubs;

/// <summary>A token client over a stub, and operations on it that each run on a thread of their own.</summary>
internal sealed class ClientRig : IDisposable
{
    public const string Scope = "read";

    private readonly HttpClient _httpClient;

    public ClientRig(Action<SpidClientOptions>? configure = null)
    {
        _httpClient = new HttpClient(Spid, disposeHandler: false);
        var parts = new TokenClientParts
        {
            TimeProvider = Time,
            Logger = NullLogger.Instance,
            GetHttpClient = () => _httpClient,

            // Retries and timeouts are strategies of Polly, which has tests of its own; here each fetch is one request.
            CreatePipeline = _ => ResiliencePipeline.Empty,
        };
        Tokens = new TokenClient("", Options(Scope, configure), parts, owned: null);
    }

    public ScheduledTime Time { get; } = new();

    public TokenEndpointStub Spid { get; } = new();

    public TokenClient Tokens { get; }

    public static SpidClientOptions Options(string scope, Action<SpidClientOptions>? configure = null)
    {
        var options = new SpidClientOptions
        {
            Environment = SpidEnvironment.PreProduction,
            ClientId = "0123456789abcdef01234567",
            ClientSecret = "a secret of the schedules",
            Scope = scope,
        };
        configure?.Invoke(options);
        return options;
    }

    public Task<ServerToken> GetAsync(TokenRequest? request = null, CancellationToken cancellationToken = default) => Task.Run(async () =>
        request is null ? await Tokens.GetTokenAsync(cancellationToken) : await Tokens.GetTokenAsync(request, cancellationToken));

    public Task<ServerToken?> RenewAsync(ServerToken rejected) => Task.Run(async () => await Tokens.RenewTokenAsync(rejected));

    public void Dispose()
    {
        Tokens.Dispose();
        _httpClient.Dispose();
        Spid.Dispose();
    }
}
