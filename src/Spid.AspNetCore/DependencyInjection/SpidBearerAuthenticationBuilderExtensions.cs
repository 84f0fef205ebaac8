using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Spid.AspNetCore;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Challenges;
using Spid.AspNetCore.DependencyInjection;
using Spid.AspNetCore.Scopes;
using Spid.ResourceServer;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds authentication by access tokens of SPiD (Schibsted account).</summary>
/// <remarks>
/// Every overload can be called repeatedly: calls for one scheme add to its options and register nothing twice. A scheme has one configuration
/// section; a second one is refused with an <see cref="InvalidOperationException"/>, and code can change what comes from it. Each scheme has
/// a cache, keys and limits of its own. Options are validated when the host starts.
/// </remarks>
public static class SpidBearerAuthenticationBuilderExtensions
{
    private static readonly SectionRules Rules = SectionRules.Of<SpidBearerOptions>()
        .With<SpidVerificationCacheOptions>(nameof(SpidBearerOptions.Cache))
        .With<SpidIntrospectionOptions>(nameof(SpidBearerOptions.Introspection))
        .With<SpidKeySetOptions>(nameof(SpidBearerOptions.Keys));

    /// <summary>Adds the scheme <see cref="SpidBearerDefaults.AuthenticationScheme"/>, configured by the section <c>Authentication:Schemes:SpidBearer</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddSpidBearer(this AuthenticationBuilder builder) => builder.AddSpidBearer(SpidBearerDefaults.AuthenticationScheme);

    /// <summary>Adds a scheme, configured by the section <c>Authentication:Schemes:{authenticationScheme}</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddSpidBearer(this AuthenticationBuilder builder, string authenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        string section = $"Authentication:Schemes:{authenticationScheme}";
        if (BoundSections.In(builder.Services).Add(typeof(SpidBearerOptions), authenticationScheme, section))
        {
            ApplicationSection.Follow<SpidBearerOptions>(builder.Services, authenticationScheme, section);
            builder.Services.AddOptions<SpidBearerOptions>(authenticationScheme).Configure<IConfiguration>((options, configuration) =>
            {
                IConfigurationSection configured = configuration.GetSection(section);
                Rules.ThrowIfInvalid(authenticationScheme, configured);
                configured.Bind(options);
            });
        }

        return Add(builder, authenticationScheme);
    }

    /// <summary>Adds the scheme <see cref="SpidBearerDefaults.AuthenticationScheme"/>, configured by code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddSpidBearer(this AuthenticationBuilder builder, Action<SpidBearerOptions> configure) =>
        builder.AddSpidBearer(SpidBearerDefaults.AuthenticationScheme, configure);

    /// <summary>Adds the scheme <see cref="SpidBearerDefaults.AuthenticationScheme"/>, configured by a configuration section.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The section whose keys are the names of the options. Changes of it take effect at once.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddSpidBearer(this AuthenticationBuilder builder, IConfiguration configuration) =>
        builder.AddSpidBearer(SpidBearerDefaults.AuthenticationScheme, configuration);

    /// <summary>Adds a scheme, configured by code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddSpidBearer(this AuthenticationBuilder builder, string authenticationScheme, Action<SpidBearerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<SpidBearerOptions>(authenticationScheme).Configure(configure);
        return Add(builder, authenticationScheme);
    }

    /// <summary>Adds a scheme, configured by a configuration section.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configuration">The section whose keys are the names of the options. Changes of it take effect at once.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddSpidBearer(this AuthenticationBuilder builder, string authenticationScheme, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configuration);
        if (BoundSections.In(builder.Services).Add(typeof(SpidBearerOptions), authenticationScheme, configuration))
        {
            builder.Services.AddOptions<SpidBearerOptions>(authenticationScheme)
                .Configure(_ => Rules.ThrowIfInvalid(authenticationScheme, configuration))
                .Bind(configuration);
        }

        return Add(builder, authenticationScheme);
    }

    private static AuthenticationBuilder Add(AuthenticationBuilder builder, string scheme)
    {
        IServiceCollection services = builder.Services;
        if (!SpidBearerRegistry.In(services).Add(scheme))
        {
            return builder;
        }

        services.AddSpidTokenVerifier<SpidBearerOptions>(scheme);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SpidBearerOptions>, SpidBearerOptionsRules>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, SpidScopeAuthorizationHandler>());
        services.TryAddSingleton<SpidBearerSchemes>();
        services.AddStartUp<SpidBearerStartUp>();
        services.TryAddTransient<SpidBearerHandler>();

        // Endpoints take the token as a parameter, for minimal APIs look for parameters among the services, which may be replaced during a request.
        services.AddHttpContextAccessor();
        services.TryAddScoped(static provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.GetVerifiedToken() ?? throw new InvalidOperationException(
            "There is no verified token here: protect the endpoint with RequireSpidScope, or with a policy that names the SPiD scheme where another one is the default. Where anonymous callers are allowed call HttpContext.GetVerifiedToken(), and in a hub Context.GetHttpContext()?.GetVerifiedToken()."));

        // As AddAuthorization does, which may be called later and then finds these.
        services.TryAddTransient<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider>();
        services.TryAddTransient<IAuthorizationEvaluator, DefaultAuthorizationEvaluator>();
        services.TryAddTransient<IPolicyEvaluator>(static provider => new PolicyEvaluator(provider.GetRequiredService<IAuthorizationService>()));
        services.Decorate<IAuthorizationPolicyProvider, SpidScopePolicyProvider>(static (application, _) => new SpidScopePolicyProvider(application));
        services.Decorate<IAuthorizationEvaluator, ScopeDecisionEvaluator>(static (application, provider) => new ScopeDecisionEvaluator(
            application, provider.GetRequiredService<SpidBearerSchemes>(), provider.GetRequiredService<IHttpContextAccessor>(), provider.GetRequiredService<SpidBearerSchemes>().Logger));
        services.Decorate<IPolicyEvaluator, ScopePolicyEvaluator>(static (application, provider) => new ScopePolicyEvaluator(
            application, provider.GetRequiredService<SpidBearerSchemes>(), provider.GetRequiredService<IAuthenticationSchemeProvider>()));
        services.Decorate<IAuthenticationService, RefusalAuthenticationService>(static (application, _) => new RefusalAuthenticationService(application));
        services.Configure<AuthenticationOptions>(options => options.AddScheme<SpidBearerHandler>(scheme, displayName: null));
        return builder;
    }
}
