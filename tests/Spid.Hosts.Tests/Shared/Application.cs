using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.Client;
using Spid.Client.Registration;
using Spid.Client.Tokens;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Testing;

namespace Spid.Hosts.Tests.Shared;

/// <summary>An application that makes one of the calls to SPiD, with whatever else it configures.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly SpidCall _call;
    private readonly SpidServer _spid;
    private ServiceProvider? _services;

    /// <param name="call">The call that it makes.</param>
    /// <param name="spid">The server that it calls.</param>
    /// <param name="time">The clock of both.</param>
    /// <param name="configure">What the application registers before this library.</param>
    public Application(SpidCall call, SpidServer spid, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        _call = call;
        _spid = spid;
        Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace)).AddSingleton(time);
        configure?.Invoke(Services);
        Backchannel = IsOfClient(call) ? AddClient() : AddVerifier();
    }

    public static SpidCall[] Calls => Enum.GetValues<SpidCall>();

    public ServiceCollection Services { get; } = [];

    public IHttpClientBuilder Backchannel { get; }

    public ServiceProvider Provider => _services ??= Services.BuildServiceProvider();

    /// <summary>Gets the name of the <see cref="HttpClient"/> that makes a call.</summary>
    public static string NameOf(SpidCall call) => IsOfClient(call) ? "Spid.Client" : "Spid.ResourceServer";

    /// <summary>Gets the endpoint of a call.</summary>
    public static SpidEndpoint EndpointOf(SpidCall call) => call switch
    {
        SpidCall.Token => SpidEndpoint.Token,
        SpidCall.Registration => SpidEndpoint.Registration,
        SpidCall.Introspection => SpidEndpoint.Introspection,
        SpidCall.KeySet => SpidEndpoint.Jwks,
        _ => SpidEndpoint.TokenStatus,
    };

    /// <summary>Makes the call, and gives the failure that the caller sees.</summary>
    public async Task<string?> CallAsync(CancellationToken cancellationToken)
    {
        if (!IsOfClient(_call))
        {
            string token = _spid.Issue(_call is SpidCall.LookUp ? new SpidTokenSpec { Kind = SpidTokenKind.Opaque } : null);
            SpidVerificationResult result = await Provider.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(token.AsMemory(), cancellationToken);
            return result.IsAccepted ? null : $"{result.Status} {result.Reason}";
        }

        try
        {
            if (_call is SpidCall.Token)
            {
                await Provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);
            }
            else
            {
                await Provider.GetRequiredService<SpidRegistrationClient>().RegisterAsync(
                    new SpidRegistrationRequest { Merchant = "merchant", ClientName = "Archive", ClientUri = new Uri("https://archive.example.com") }, cancellationToken);
            }

            return null;
        }
        catch (SpidException exception)
        {
            return $"{exception.Kind} {exception.Message}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    private static bool IsOfClient(SpidCall call) => call is SpidCall.Token or SpidCall.Registration;

    private IHttpClientBuilder AddClient() => Services.AddSpidClientCredentials(options =>
    {
        (options.Authority, options.ClientId, options.ClientSecret) = (_spid.BaseAddress, _spid.ClientId, _spid.ClientSecret);
        options.ClientAuthentication = SpidClientAuthentication.Body;
    }).Backchannel;

    private IHttpClientBuilder AddVerifier() => Services.AddSpidTokenVerifier(options =>
    {
        (options.Authority, options.ClientId, options.ClientSecret) = (_spid.BaseAddress, _spid.ClientId, _spid.ClientSecret);
        options.AudienceCheck = SpidAudienceCheck.None;
        options.Mode = _call switch
        {
            SpidCall.Introspection => SpidVerificationMode.Remote,
            SpidCall.KeySet => SpidVerificationMode.Local,
            _ => SpidVerificationMode.Auto,
        };
        options.LookUpOpaqueTokens = _call is SpidCall.LookUp;
    }).Backchannel;
}
