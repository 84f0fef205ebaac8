using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.Client;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.AspNetCore.Tests.Shared;

/// <summary>
/// A protected API in memory with the real verifier in it, whatever answers of SPiD a test wants behind it, and one published key.
/// <c>/messages</c> asks for two scopes, <c>/open</c> for nothing.
/// </summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    public const string ClientSecret = "resource-server-secret";

    private readonly WebApplication _application;

    private PipelineRig(WebApplication application, StubSpid spid, SteppingTime time, RecordingLoggers logs, Forge forge)
    {
        _application = application;
        Spid = spid;
        Time = time;
        Logs = logs;
        Forge = forge;
    }

    public StubSpid Spid { get; }

    public SteppingTime Time { get; }

    public RecordingLoggers Logs { get; }

    public Forge Forge { get; }

    public IServiceProvider Services => _application.Services;

    public TestServer Server => _application.GetTestServer();

    public DateTimeOffset StartedAt { get; } = new SteppingTime().GetUtcNow();

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Starts it. SPiD calls every token active, and says of it what a good one says.</summary>
    public static async Task<PipelineRig> StartAsync(
        Action<SpidBearerOptions>? configure = null, Action<WebApplication>? map = null, Action<IServiceCollection>? services = null)
    {
        var spid = new StubSpid();
        var time = new SteppingTime();
        var logs = new RecordingLoggers();
        var forge = Forge.CreateUsual();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => spid));
        builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer(options =>
        {
            options.Environment = SpidEnvironment.PreProduction;
            options.ClientId = Forge.ClientId;
            options.ClientSecret = ClientSecret;
            options.Audiences.Add(Forge.Audience);
            configure?.Invoke(options);
        });
        builder.Services.AddAuthorization();
        services?.Invoke(builder.Services);

        WebApplication application = builder.Build();
        map ??= Map;
        map(application);
        await application.StartAsync();
        var rig = new PipelineRig(application, spid, time, logs, forge);
        spid.AnswerKeys(Forge.KeySet(forge.Key()));
        rig.AnswerActive();
        return rig;
    }

    public static void Map(WebApplication application)
    {
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapMethods("/messages", ["GET", "HEAD"], (ResourceServer.VerifiedToken token) => token.ClientId).RequireSpidScope("read:messages", "write:messages");
        application.MapGet("/open", (HttpContext context) => context.GetVerifiedToken()?.ClientId ?? "nobody").AllowAnonymous();
    }

    /// <summary>Signs a good token of this moment, edited.</summary>
    public string Sign(Action<JsonObject>? editClaims = null, Action<JsonObject>? editHeader = null) => Forge.Sign(Now, editClaims, editHeader);

    /// <summary>A token as users have them, which nobody but SPiD can verify.</summary>
    public string SignForUser() => Sign(editHeader: header => header["alg"] = "HS256");

    public void AnswerActive(Action<JsonObject>? edit = null)
    {
        JsonObject answer = Forge.Claims(Now);
        answer["active"] = true;
        edit?.Invoke(answer);
        Spid.AnswerIntrospection(answer.ToJsonString());
    }

    public Task<Answer> GetAsync(string token, string path = "/messages") => SendAsync(path, $"Bearer {token}");

    /// <summary>Sends headers to the letter, those included that no client would let through.</summary>
    public Task<Answer> SendAsync(string path, params string[] authorization) => SendAsync(http =>
    {
        string[] parts = path.Split('?', 2);
        http.Request.Path = parts[0];
        http.Request.QueryString = parts.Length == 2 ? new QueryString("?" + parts[1]) : default;
        http.Request.Headers.Authorization = authorization;
    });

    public async Task<Answer> SendAsync(Action<HttpContext> edit)
    {
        HttpContext context = await Server.SendAsync(edit);
        using var reader = new StreamReader(context.Response.Body);
        return new Answer(
            context.Response.StatusCode,
            context.Response.Headers.WWWAuthenticate.ToString(),
            context.Response.Headers.RetryAfter.ToString(),
            context.Response.Headers.CacheControl.ToString())
        {
            Body = await reader.ReadToEndAsync(),
            Headers = string.Join('\n', context.Response.Headers.Select(header => $"{header.Key}: {header.Value}")),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        Spid.Dispose();
        Forge.Dispose();
        Logs.Dispose();
    }
}
