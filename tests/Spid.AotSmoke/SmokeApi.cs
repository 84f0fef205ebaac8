using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.AspNetCore;

namespace Spid.AotSmoke;

/// <summary>A protected service as a user would build it, on a port of its own, with SPiD replaced by <see cref="StubKeys"/>.</summary>
internal sealed class SmokeApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private SmokeApi(WebApplication application, StubKeys spid)
    {
        _application = application;
        Spid = spid;
        _client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
    }

    public StubKeys Spid { get; }

    public static async Task<SmokeApi> StartAsync(params (string Key, string? Value)[] overrides)
    {
        const string Section = "Authentication:Schemes:SpidBearer:";
        var settings = new Dictionary<string, string?>
        {
            [Section + "Environment"] = "PreProduction",
            [Section + "ClientId"] = "4e8463569caf7ca019000007",
            [Section + "ClientSecret"] = "c2VjcmV0LW9mLXRoZS1zbW9rZS10ZXN0",
            [Section + "Audiences:0"] = StubKeys.Audience,
            [Section + "ScopesSupported:0"] = "read:messages",
            [Section + "AcceptUserTokens"] = "true",
            [Section + "Cache:MaximumAge"] = "00:00:30",
        };
        foreach ((string key, string? value) in overrides)
        {
            settings[Section + key] = value;
        }

        var spid = new StubKeys();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => spid));
        builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer();
        builder.Services.AddAuthorization();
        builder.Services.AddHealthChecks().AddSpidTokenVerification();
        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/messages", (Microsoft.AspNetCore.Http.RequestDelegate)(context =>
            Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, context.GetVerifiedToken()!.ClientId!))).RequireSpidScope("read:messages");
        application.MapGet("/admin", (Microsoft.AspNetCore.Http.RequestDelegate)(_ => Task.CompletedTask)).RequireSpidScope("admin");
        application.MapSpidProtectedResourceMetadata();
        await application.StartAsync();
        return new SmokeApi(application, spid);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        Spid.Dispose();
    }
}
