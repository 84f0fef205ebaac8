using Spid.AspNetCore;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Testing;

namespace QuickStart;

/// <summary>The service that is called: it answers nobody without a token that is alive, meant for it, and good for the operation.</summary>
internal sealed class MessagesApi : IAsyncDisposable
{
    public const string Resource = "https://messages.example.com";

    private readonly WebApplication _application;

    private MessagesApi(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.First());

    public static async Task<MessagesApi> StartAsync(SpidServer spid, SpidClientRegistration service)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();

        // begin: protect
        builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer(options =>
        {
            options.Authority = spid.BaseAddress;                   // or options.Environment = SpidEnvironment.PreProduction
            options.ClientId = service.ClientId;
            options.ClientSecret = service.ClientSecret;
            options.Audiences.Add(Resource);
            options.ConfirmRemotely = TimeSpan.FromSeconds(60);     // a revoked token is refused after a minute at the latest
        });
        builder.Services.AddAuthorization();
        // end: protect

        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");

        // begin: endpoints
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/messages", (VerifiedToken token) => new[] { $"Hello, {token.ClientId}" }).RequireSpidScope("read:messages");
        application.MapPost("/messages", () => Results.Created()).RequireSpidScope("write:messages");
        application.MapSpidProtectedResourceMetadata();
        // end: endpoints

        await application.StartAsync();
        return new MessagesApi(application);
    }

    /// <summary>What an operator does who cannot wait for the minute.</summary>
    public ValueTask ForgetAsync(string clientId) => _application.Services.GetRequiredService<ISpidTokenVerifier>().EvictClientAsync(clientId);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
