using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Spid.Testing;
using Spid.Testing.Keys;

namespace Spid.AspNetCore.Tests.Shared;

/// <summary>A protected API in memory, SPiD in a box, and a clock that both go by.</summary>
internal sealed class ApiRig : IAsyncDisposable
{
    public const string Audience = "https://messages.example.com";

    /// <summary>The keys of every rig, for making keys takes longer than most tests.</summary>
    private static readonly SpidSigningKey FirstKey = new();
    private static readonly SpidSigningKey SecondKey = new();

    private readonly WebApplication _application;

    private ApiRig(SpidServer spid, FakeTimeProvider time, WebApplication application, RecordingLoggers logs)
    {
        Spid = spid;
        Time = time;
        Logs = logs;
        _application = application;
        Client = application.GetTestClient();
    }

    public SpidServer Spid { get; }

    public FakeTimeProvider Time { get; }

    public RecordingLoggers Logs { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _application.Services;

    public TestServer Server => _application.GetTestServer();

    public int KeyFetches => Spid.Requests.To(SpidEndpoint.Jwks).Count;

    public int Introspections => Spid.Requests.To(SpidEndpoint.Introspection).Count;

    public static async Task<ApiRig> StartAsync(
        Action<SpidBearerOptions>? configure = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null,
        Action<AuthenticationBuilder, SpidServer>? authentication = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        SpidServer spid = SpidServer.Create(options =>
        {
            options.TimeProvider = time;
            options.Keys.Add(FirstKey);
            options.Keys.Add(SecondKey);
        });
        var logs = new RecordingLoggers();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(spid.CreateHandler));
        AuthenticationBuilder added = builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme);
        added.AddSpidBearer(options =>
        {
            Configure(options, spid);
            configure?.Invoke(options);
        });
        authentication?.Invoke(added, spid);
        builder.Services.AddAuthorization();
        services?.Invoke(builder.Services);

        WebApplication application = builder.Build();
        map ??= MapMessages;
        map(application);
        await application.StartAsync();
        return new ApiRig(spid, time, application, logs);
    }

    public static void Configure(SpidBearerOptions options, SpidServer spid)
    {
        options.Authority = spid.BaseAddress;
        options.ClientId = spid.ClientId;
        options.ClientSecret = spid.ClientSecret;
        options.Audiences.Add(Audience);
    }

    /// <summary>The endpoints that most tests need.</summary>
    public static void MapMessages(WebApplication application)
    {
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/messages", (ResourceServer.VerifiedToken token) => token.ClientId).RequireSpidScope("read:messages");
        application.MapPost("/messages", () => "written").RequireSpidScope("write:messages");
        application.MapGet("/open", (HttpContext context) => context.GetVerifiedToken()?.ClientId ?? "nobody").AllowAnonymous();
    }

    /// <summary>Issues a client token for this service.</summary>
    public string Issue(Action<SpidTokenSpec>? edit = null)
    {
        var spec = new SpidTokenSpec { Scope = "read:messages", Audience = [Audience] };
        edit?.Invoke(spec);
        return Spid.Issue(spec);
    }

    public Task<HttpResponseMessage> GetAsync(string? token, string path = "/messages") => SendAsync(HttpMethod.Get, token, path);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string? token, string path = "/messages")
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request);
    }

    /// <summary>Sends a header as it stands.</summary>
    public async Task<HttpResponseMessage> SendHeaderAsync(params string[] authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/messages");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        await Spid.DisposeAsync();
        Logs.Dispose();
    }
}
