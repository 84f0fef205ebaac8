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

/// <summary>A server on a real port for a load generator of its own: <c>/open</c>, <c>/local</c>, <c>/remote</c> and <c>/jwtbearer</c>.</summary>
internal static class LoadServer
{
    public static async Task RunAsync(string url)
    {
        using var key = new PublishedKey();
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

        await using WebApplication application = builder.Build();
        application.Urls.Add(url);
        application.UseAuthorization();
        RequestDelegate answer = static context => context.Response.WriteAsync("ok");
        application.MapGet("/open", answer);
        application.MapGet("/local", answer).RequireAuthorization(policy => policy.AddAuthenticationSchemes("local").RequireAuthenticatedUser());
        application.MapGet("/remote", answer).RequireAuthorization(policy => policy.AddAuthenticationSchemes("remote").RequireAuthenticatedUser());
        application.MapGet("/jwtbearer", answer).RequireAuthorization(policy => policy.AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        application.MapGet("/calls", context => context.Response.WriteAsync($"{key.KeyFetches} key fetches, {key.Introspections} introspections\n"));
        await application.StartAsync();
        Console.WriteLine(key.Issue());
        await application.WaitForShutdownAsync();
    }

    private static void Configure(SpidBearerOptions options, SpidVerificationMode mode)
    {
        (options.Environment, options.Mode, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, mode, "4e8463569caf7ca019000007", "secret");
        options.Audiences.Add(PublishedKey.Audience);
    }
}
