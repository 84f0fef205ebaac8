using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using Spid.AspNetCore;
using Spid.Benchmarks.Rivals;
using Spid.Client;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.Benchmarks.Subjects;

/// <summary>The authentication middleware with one scheme, and nothing behind it.</summary>
internal sealed class ProtectedApi : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    private ProtectedApi(Action<AuthenticationBuilder> addScheme)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        addScheme(services.AddAuthentication());
        _services = services.BuildServiceProvider();
        var builder = new ApplicationBuilder(_services);
        builder.UseAuthentication();
        builder.Run(static _ => Task.CompletedTask);
        _pipeline = builder.Build();
    }

    public ISpidTokenVerifier Verifier => _services.GetRequiredService<ISpidTokenVerifier>();

    /// <summary>The limit: a scheme that lets everybody in as the same person.</summary>
    public static ProtectedApi WithNothing() => new(builder => builder.Services
        .AddAuthentication(NoOpHandler.Scheme)
        .AddScheme<AuthenticationSchemeOptions, NoOpHandler>(NoOpHandler.Scheme, null));

    public static ProtectedApi WithSpid(
        PublishedKey key, SpidVerificationMode mode = SpidVerificationMode.Auto, bool remembers = true, Action<SpidBearerOptions>? configure = null) => new(builder =>
    {
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(key.CreateHandler));
        builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer(options =>
        {
            options.Environment = SpidEnvironment.PreProduction;
            options.Mode = mode;
            options.ClientId = "4e8463569caf7ca019000007";
            options.ClientSecret = "secret";
            options.Audiences.Add(PublishedKey.Audience);
            options.Cache.MaximumAge = remembers ? options.Cache.MaximumAge : TimeSpan.Zero;
            configure?.Invoke(options);
        });
    });

    public static ProtectedApi WithJwtBearer(PublishedKey key) => new(builder => builder.Services
        .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
        .AddJwtBearer(options => options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = PublishedKey.Issuer,
            ValidAudience = PublishedKey.Audience,
            IssuerSigningKey = key.SecurityKey,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        }));

    /// <summary>OpenIddict's validation with the same key, or by introspection; it remembers nothing.</summary>
    public static ProtectedApi WithOpenIddict(PublishedKey key, bool introspects) => new(builder =>
    {
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new Passage(key.CreateHandler())));
        builder.Services.AddAuthentication(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        builder.Services.AddOpenIddict().AddValidation(options =>
        {
            options.Configure(validation => validation.Configuration = new OpenIddictConfiguration
            {
                Issuer = new Uri(PublishedKey.Issuer),
                IntrospectionEndpoint = new Uri(PublishedKey.Issuer + "/oauth/introspect"),
                IntrospectionEndpointAuthMethodsSupported = { OpenIddictConstants.ClientAuthenticationMethods.ClientSecretBasic },
                SigningKeys = { key.SecurityKey },
            });
            options.SetIssuer(PublishedKey.Issuer).AddAudiences(PublishedKey.Audience);
            options.UseAspNetCore();
            options.UseSystemNetHttp();
            if (introspects)
            {
                options.UseIntrospection().SetClientId(PublishedKey.Audience).SetClientSecret("secret");
            }
        });
    });

    /// <summary>One request, with a context and a scope of its own as a server gives it.</summary>
    public bool Request(string authorization)
    {
        using IServiceScope scope = _services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = authorization;
        _pipeline(context).GetAwaiter().GetResult();
        return context.User.Identity?.IsAuthenticated == true;
    }

    public void Dispose() => _services.Dispose();
}
