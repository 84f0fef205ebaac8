using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging.Abstractions;
using Spid.Client;
using Spid.ResourceServer;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.Schedules.Stubs;

/// <summary>What verifiers are made of, over a stub of SPiD that publishes the key <see cref="FirstKey"/>.</summary>
internal sealed class VerifierRig : IDisposable
{
    public const string FirstKey = "first";

    private readonly HttpClient _httpClient;
    private readonly SpidVerifierOptions _options;
    private string _keySet = TokenSigner.KeySet(FirstKey);

    public VerifierRig(Action<SpidVerifierOptions>? configure = null, IDistributedCache? store = null)
    {
        _httpClient = new HttpClient(Spid, disposeHandler: false);
        Spid.KeySet = _ => VerifierEndpointsStub.Json(Volatile.Read(ref _keySet));
        Parts = new VerifierParts
        {
            TimeProvider = Time,
            Logger = NullLogger.Instance,
            GetHttpClient = () => _httpClient,
            Telemetry = new VerifierTelemetry("rig", null),
            DistributedCache = store,
        };
        _options = Options(configure);
    }

    public ScheduledTime Time { get; } = new();

    public VerifierEndpointsStub Spid { get; } = new();

    public VerifierParts Parts { get; }

    public static SpidVerifierOptions Options(Action<SpidVerifierOptions>? configure = null)
    {
        var options = new SpidVerifierOptions { Environment = SpidEnvironment.PreProduction, ClientId = TokenSigner.ClientId, ClientSecret = "a secret of the schedules" };
        options.Audiences.Add(TokenSigner.Audience);
        configure?.Invoke(options);
        return options;
    }

    /// <summary>Introspects every token, and does so again only when what is remembered is too old.</summary>
    public static void Remote(SpidVerifierOptions options) => (options.Mode, options.Cache.RefreshAhead) = (SpidVerificationMode.Remote, false);

    public KeySet CreateKeySet() => new(VerifierSettings.From("rig", _options), Parts);

    public SpidTokenVerifier CreateVerifier() => new(VerifierSettings.From("rig", _options), Parts);

    public void Publish(params string[] keyIds) => Volatile.Write(ref _keySet, TokenSigner.KeySet(keyIds));

    public void Dispose()
    {
        Parts.Telemetry.Dispose();
        _httpClient.Dispose();
        Spid.Dispose();
    }
}
