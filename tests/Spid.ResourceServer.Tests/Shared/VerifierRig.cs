using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Testing;
using Spid.Client;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>A verifier, a stub of SPiD, one key that it publishes, and a clock that the test moves.</summary>
internal sealed class VerifierRig : IDisposable
{
    public const string ClientSecret = "resource-server-secret";

    private readonly HttpClient _http;

    public VerifierRig(Action<SpidVerifierOptions>? configure = null, Forge? forge = null, IDistributedCache? store = null)
    {
        Forge = forge ?? Forge.CreateUsual();
        Spid.AnswerKeys(Forge.KeySet(Forge.Key()));
        _http = new HttpClient(new LookUpAddress { InnerHandler = Spid }, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Parts = new VerifierParts { TimeProvider = Time, Logger = Logger, GetHttpClient = () => _http, Telemetry = new VerifierTelemetry("rig", null), DistributedCache = store };
        Options = CreateOptions();
        configure?.Invoke(Options);
        Verifier = new SpidTokenVerifier(VerifierSettings.From("rig", Options), Parts);
    }

    public SteppingTime Time { get; } = new();

    public FakeLogger Logger { get; } = new();

    public StubSpid Spid { get; } = new();

    public Forge Forge { get; }

    public SpidVerifierOptions Options { get; }

    public VerifierParts Parts { get; }

    public SpidTokenVerifier Verifier { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static SpidVerifierOptions CreateOptions()
    {
        var options = new SpidVerifierOptions { Environment = SpidEnvironment.PreProduction, ClientId = Forge.ClientId, ClientSecret = ClientSecret };
        options.Audiences.Add(Forge.Audience);
        return options;
    }

    /// <summary>Signs a good token of this moment, edited.</summary>
    public string Sign(Action<JsonObject>? editClaims = null, Action<JsonObject>? editHeader = null) => Forge.Sign(Now, editClaims, editHeader);

    /// <summary>Signs a token with a claim as it stands, byte for byte: a tree of JSON holds no lone surrogate and no broken UTF-8.</summary>
    public string SignRaw(string name, ReadOnlySpan<byte> json)
    {
        JsonObject claims = Forge.Claims(Now);
        claims.Remove(name);
        byte[] rest = Encoding.UTF8.GetBytes(claims.ToJsonString());
        return Forge.Sign(Forge.Header().ToJsonString(), [.. rest.AsSpan(0, rest.Length - 1), .. Encoding.UTF8.GetBytes($",\"{name}\":"), .. json, (byte)'}']);
    }

    /// <summary>Lets introspection call every token active and say this of it.</summary>
    public void AnswerActive(Action<JsonObject>? edit = null)
    {
        JsonObject answer = Forge.Claims(Now);
        answer["active"] = true;
        edit?.Invoke(answer);
        Spid.AnswerIntrospection(answer.ToJsonString());
    }

    public async Task<SpidVerificationResult> VerifyAsync(string token, CancellationToken cancellationToken) =>
        await Verifier.VerifyAsync(token.AsMemory(), cancellationToken);

    public async Task<SpidVerificationResult> VerifyAsync(string token, string[] scopes, CancellationToken cancellationToken) =>
        await Verifier.VerifyAsync(token.AsMemory(), new SpidTokenRequirements { RequiredScopes = scopes }, cancellationToken);

    /// <summary>Gives the reason in one word, or "None" for an accepted token.</summary>
    public async Task<SpidVerificationReason> ReasonAsync(string token, CancellationToken cancellationToken) =>
        (await VerifyAsync(token, cancellationToken)).Reason;

    public async Task<SpidVerificationReason> ReasonAsync(string token, X509Certificate2? callerCertificate) =>
        (await Verifier.VerifyAsync(token.AsMemory(), new SpidTokenRequirements { ClientCertificate = callerCertificate }, CancellationToken.None)).Reason;

    /// <summary>Asks the health check; what it reports as broken is unhealthy.</summary>
    public async Task<HealthStatus> HealthAsync()
    {
        var check = new VerificationHealthCheck(new ReloadingVerifier("rig", () => Options, (_, _) => Verifier, _ => null, Parts));
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("spid", check, HealthStatus.Unhealthy, []) };
        return (await check.CheckHealthAsync(context)).Status;
    }

    public void Dispose()
    {
        Verifier.Dispose();
        Parts.Telemetry.Dispose();
        _http.Dispose();
        Spid.Dispose();
        Forge.Dispose();
    }
}
