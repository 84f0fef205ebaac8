using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore;
using Spid.ResourceServer;

namespace Spid.Hosts.Tests.Factories;

/// <summary>An application as its author writes it: it serves messages to callers with tokens, and calls a service upstream with tokens of its own.</summary>
/// <remarks>A factory runs the entry point of the application's assembly, so the test project has this one instead of a generated one.</remarks>
internal sealed class MessagesApplication
{
    public static async Task Main(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer();
        builder.Services.AddAuthorization();
        builder.Services.AddSpidClientCredentials();
        builder.Services
            .AddHttpClient<UpstreamClient>(client => client.BaseAddress = new Uri("https://messages.example.com"))
            .AddSpidTokenHandler();

        await using WebApplication application = builder.Build();
        application.MapGet("/messages", (VerifiedToken caller) => caller.ClientId).RequireSpidScope("read:messages");
        application.MapPost("/messages", (Message message) => message.Text).RequireSpidScope("write:messages");
        application.MapGet("/upstream", (UpstreamClient upstream, CancellationToken cancellationToken) => upstream.GetAsync(cancellationToken));
        await application.RunAsync();
    }
}
