using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Spid.AspNetCore;
using Spid.Client;
using Spid.ResourceServer;

namespace Spid.Benchmarks.Subjects;

/// <summary>A server on a real port for a load generator: <c>/open</c>, <c>/local</c>, <c>/remote</c> and <c>/jwtbearer</c>.</summary>
internal sealed class LoadServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LoadServer(PublishedKey key, string url)
    {
        Key = key;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(key.CreateHandler));
        AuthenticationBuilder authentication = builder.Services.AddAuthentication();
        authentication.AddSpidBearer("local", options => Configure(options, SpidVerificationMode.Auto));
        authentication.AddSpidBearer("remote", options => Configure(options, SpidVerificationMode.Remote));
        authentication.AddJwtBearer(options => options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = PublishedKey.Issuer,
            ValidAudience = PublishedKey.Audience,
            IssuerSigningKey = key.SecurityKey,
        });
        builder.Services.AddAuthorization();
        _application = builder.Build();
        _application.Urls.Add(url);
        Map(_application, key);
    }

    public PublishedKey Key { get; }

    public Uri Address => new(_application.Urls.First());

    public static async Task<LoadServer> StartAsync(string url = "http://127.0.0.1:0")
    {
        var server = new LoadServer(new PublishedKey(), url);
        await server._application.StartAsync();
        return server;
    }

    /// <summary>Serves a load generator of another process, and prints a token for it.</summary>
    public static async Task RunAsync(string url)
    {
        await using LoadServer server = await StartAsync(url);
        Console.WriteLine(server.Key.Issue());
        await server._application.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        Key.Dispose();
    }

    private static void Map(WebApplication application, PublishedKey key)
    {
        application.UseAuthorization();
        RequestDelegate answer = static context => context.Response.WriteAsync("ok");
        application.MapGet("/open", answer);
        application.MapGet("/local", answer).RequireAuthorization(policy => policy.AddAuthenticationSchemes("local").RequireAuthenticatedUser());
        application.MapGet("/remote", answer).RequireAuthorization(policy => policy.AddAuthenticationSchemes("remote").RequireAuthenticatedUser());
        application.MapGet("/jwtbearer", answer).RequireAuthorization(policy => policy.AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        application.MapGet("/calls", context => context.Response.WriteAsync($"{key.KeyFetches} key fetches, {key.Introspections} introspections\n"));
    }

    private static void Configure(SpidBearerOptions options, SpidVerificationMode mode)
    {
        (options.Environment, options.Mode, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, mode, "4e8463569caf7ca019000007", "secret");
        options.Audiences.Add(PublishedKey.Audience);
    }
}
