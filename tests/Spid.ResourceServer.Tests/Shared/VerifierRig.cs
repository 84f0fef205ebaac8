using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;
using Spid.Testing;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>A verifier, SPiD in a box, and a clock that both go by.</summary>
internal sealed class VerifierRig : IAsyncDisposable
{
    public const string Audience = "https://messages.example.com";

    private readonly HttpClient _http;

    public VerifierRig(Action<SpidVerifierOptions>? configure = null, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        Spid = SpidServer.Create(options => options.TimeProvider = Time);
        HttpMessageHandler handler = Spid.CreateHandler();
        _http = new HttpClient(wrap is null ? handler : wrap(handler)) { Timeout = Timeout.InfiniteTimeSpan };
        Parts = new VerifierParts { TimeProvider = Time, Logger = Logger, GetHttpClient = () => _http, Telemetry = new VerifierTelemetry("rig", null) };
        Options = CreateOptions(Spid);
        configure?.Invoke(Options);
        Verifier = new SpidTokenVerifier(VerifierSettings.From("rig", Options), Parts);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public FakeLogger Logger { get; } = new();

    public SpidServer Spid { get; }

    public SpidVerifierOptions Options { get; }

    public VerifierParts Parts { get; }

    public SpidTokenVerifier Verifier { get; }

    public int KeyFetches => Spid.Requests.To(SpidEndpoint.Jwks).Count;

    public int Introspections => Spid.Requests.To(SpidEndpoint.Introspection).Count;

    public static SpidVerifierOptions CreateOptions(SpidServer spid)
    {
        var options = new SpidVerifierOptions { Authority = spid.BaseAddress, ClientId = spid.ClientId, ClientSecret = spid.ClientSecret };
        options.Audiences.Add(Audience);
        return options;
    }

    /// <summary>Issues a client token for this service.</summary>
    public string Issue(Action<SpidTokenSpec>? edit = null)
    {
        var spec = new SpidTokenSpec { Scope = "read:messages", Audience = [Audience] };
        edit?.Invoke(spec);
        return Spid.Issue(spec);
    }

    public async Task<SpidVerificationResult> VerifyAsync(string token, CancellationToken cancellationToken) =>
        await Verifier.VerifyAsync(token.AsMemory(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Verifier.Dispose();
        Parts.Telemetry.Dispose();
        _http.Dispose();
        await Spid.DisposeAsync();
    }
}
