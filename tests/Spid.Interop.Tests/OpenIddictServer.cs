using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Spid.Interop.Tests;

/// <summary>An authorization server written by others, in process: OpenIddict with its own stores and its own rules.</summary>
internal sealed class OpenIddictServer : IAsyncDisposable
{
    public const string ClientId = "interop-client";
    public const string ClientSecret = "interop:secret+with%reserved ä characters";

    /// <summary>OpenIddict answers introspection to those alone whose id is in the audience.</summary>
    public const string ServiceId = Messages;
    public const string ServiceSecret = "secret-of-the-service";
    public const string Messages = "https://messages.example.com/api";
    public const string Payments = "https://payments.example.com/v1";

    private readonly WebApplication _application;

    private OpenIddictServer(WebApplication application, OpenIddictAddresses addresses)
    {
        _application = application;
        Addresses = addresses;
    }

    /// <summary>Gets what leaves access tokens encrypted, as the server does unless it is told otherwise: five parts that the service cannot read.</summary>
    public static Action<OpenIddictServerBuilder> Encrypt { get; } = static _ => { };

    public OpenIddictAddresses Addresses { get; }

    /// <summary>Gets the base URL; https, because OpenIddict refuses anything else.</summary>
    public Uri Authority => Addresses.Authority;

    public static async Task<OpenIddictServer> StartAsync(OpenIddictAddresses? addresses = null, Action<OpenIddictServerBuilder>? configure = null)
    {
        addresses ??= OpenIddictAddresses.OfSpid;
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        string database = Guid.NewGuid().ToString();
        builder.Services.AddDbContext<DbContext>(options => options.UseInMemoryDatabase(database).UseOpenIddict());
        builder.Services.AddOpenIddict()
            .AddCore(options => options.UseEntityFrameworkCore().UseDbContext<DbContext>())
            .AddServer(options =>
            {
                Configure(options, addresses);
                (configure ?? (server => server.DisableAccessTokenEncryption()))(options);
            });

        WebApplication application = builder.Build();
        await application.StartAsync();
        await RegisterClientAsync(application.Services);
        return new OpenIddictServer(application, addresses);
    }

    /// <summary>Lets introspection answer 400 to a token that it does not understand, where others call it inactive (RFC 7662 section 2.2).</summary>
    public static void RefuseWhatIsNotUnderstood(OpenIddictServerBuilder options) => options
        .DisableAccessTokenEncryption()
        .AddEventHandler<OpenIddictServerEvents.ApplyIntrospectionResponseContext>(handler => handler
            .SetOrder(int.MinValue)
            .UseInlineHandler(context =>
            {
                if (context.Response.Error == Errors.InvalidToken)
                {
                    context.Response.Error = Errors.InvalidRequest;
                }

                return default;
            }));

    public HttpClient CreateClient() => new(CreateHandler());

    public HttpMessageHandler CreateHandler() => _application.GetTestServer().CreateHandler();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Configure(OpenIddictServerBuilder options, OpenIddictAddresses addresses) => options
        .SetIssuer(addresses.Authority)
        .SetTokenEndpointUris(addresses.Token)
        .SetIntrospectionEndpointUris(addresses.Introspection)
        .SetJsonWebKeySetEndpointUris(addresses.Keys)
        .AllowClientCredentialsFlow()
        .RegisterScopes("read:messages", "write:messages")
        .RegisterResources(Messages, Payments)
        .AddEphemeralEncryptionKey()
        .AddEphemeralSigningKey()
        .AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            // OpenIddict leaves it to the host to grant what it has found valid.
            var identity = new System.Security.Claims.ClaimsIdentity("Interop");
            identity.SetClaim(Claims.Subject, context.ClientId);
            identity.SetScopes(context.Request.GetScopes());
            identity.SetResources(context.Request.GetResources());
            identity.SetClaim("client_id", context.ClientId).SetDestinations(static _ => [Destinations.AccessToken]);
            context.SignIn(new System.Security.Claims.ClaimsPrincipal(identity));
            return default;
        }))
        .UseAspNetCore();

    private static async Task RegisterClientAsync(IServiceProvider services)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        IOpenIddictApplicationManager clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = ServiceId,
            ClientSecret = ServiceSecret,
            Permissions = { Permissions.Endpoints.Introspection },
        });
        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            Permissions =
            {
                Permissions.Endpoints.Token,
                Permissions.GrantTypes.ClientCredentials,
                Permissions.Prefixes.Scope + "read:messages",
                Permissions.Prefixes.Resource + Messages,
                Permissions.Prefixes.Resource + Payments,
            },
        });
    }
}
