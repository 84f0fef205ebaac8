using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Spid.ResourceServer;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers verifiers of SPiD's access tokens.</summary>
/// <remarks>
/// Every overload can be called repeatedly: calls for one name add to its options and register nothing twice. A name has one configuration
/// section; a second one is refused with an <see cref="InvalidOperationException"/>, and code can change what comes from it. Options are
/// validated when the host starts; a service provider without a host validates them on first use.
/// </remarks>
public static class SpidTokenVerifierServiceCollectionExtensions
{
    private static readonly SectionRules Rules = SectionRules.Of<SpidVerifierOptions>()
        .With<SpidVerificationCacheOptions>(nameof(SpidVerifierOptions.Cache))
        .With<SpidIntrospectionOptions>(nameof(SpidVerifierOptions.Introspection))
        .With<SpidKeySetOptions>(nameof(SpidVerifierOptions.Keys));

    /// <summary>Registers the default verifier, configured by the section <c>SpidVerifier</c> of the host's configuration.</summary>
    /// <param name="services">The services to add to.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (BoundSections.In(services).Add(typeof(SpidVerifierOptions), Options.Options.DefaultName, SpidVerifierOptions.SectionName))
        {
            ApplicationSection.Follow<SpidVerifierOptions>(services, Options.Options.DefaultName, SpidVerifierOptions.SectionName);
            services.AddOptions<SpidVerifierOptions>().Configure<IConfiguration>(static (options, configuration) =>
            {
                IConfigurationSection section = configuration.GetSection(SpidVerifierOptions.SectionName);
                Rules.ThrowIfInvalid("", section);
                section.Bind(options);
            });
        }

        return services.AddSpidTokenVerifier<SpidVerifierOptions>(Options.Options.DefaultName);
    }

    /// <summary>Registers the default verifier, configured by code.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier(this IServiceCollection services, Action<SpidVerifierOptions> configure) =>
        services.AddSpidTokenVerifier(Options.Options.DefaultName, configure);

    /// <summary>Registers the default verifier, configured by a configuration section.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">The section whose keys are the names of the options. Changes of it take effect at once.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSpidTokenVerifier(Options.Options.DefaultName, configuration);

    /// <summary>Registers a named verifier, configured by code. It is a keyed service with its name as key.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier(this IServiceCollection services, string name, Action<SpidVerifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SpidVerifierOptions>(name).Configure(configure);
        return services.AddSpidTokenVerifier<SpidVerifierOptions>(name);
    }

    /// <summary>Registers a named verifier, configured by a configuration section. It is a keyed service with its name as key.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="name">The name.</param>
    /// <param name="configuration">The section whose keys are the names of the options. Changes of it take effect at once.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        if (BoundSections.In(services).Add(typeof(SpidVerifierOptions), name, configuration))
        {
            services.AddOptions<SpidVerifierOptions>(name)
                .Configure(_ => Rules.ThrowIfInvalid(name, configuration))
                .Bind(configuration);
        }

        return services.AddSpidTokenVerifier<SpidVerifierOptions>(name);
    }

    /// <summary>Registers a named verifier that reads options of a type of its own, as an authentication scheme does.</summary>
    /// <typeparam name="TOptions">The type of the options, configured under the name of the verifier.</typeparam>
    /// <param name="services">The services to add to.</param>
    /// <param name="name">The name, which is the key of the services.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, string name)
        where TOptions : SpidVerificationOptions
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        string httpClientName = SpidVerifierRegistry.BackchannelName(name);
        if (!SpidVerifierRegistry.In(services).Add(name, typeof(TOptions)))
        {
            return new SpidTokenVerifierBuilder(name, services, services.AddHttpClient(httpClientName));
        }

        services.AddOptionsWithValidationByHost<TOptions>(name);
        ReloadableOptionsMonitor.AddTo<TOptions>(services, Log.OptionsRefused);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, VerificationOptionsRules<TOptions>>());
        services.AddStartUp<StartUp>();

        services.TryAddKeyedSingleton(name, static (provider, key) => VerifierFactory.Create<TOptions>(provider, (string)key!));
        services.TryAddKeyedSingleton<ISpidTokenVerifier>(name, static (provider, key) => provider.GetRequiredKeyedService<ReloadingVerifier>(key));
        services.TryAddKeyedSingleton<ISpidTokenIntrospector>(name, static (provider, key) => provider.GetRequiredKeyedService<ReloadingVerifier>(key));

        // Without a key one gets the default verifier, or else the first that was registered.
        services.TryAddSingleton<ISpidTokenVerifier>(provider => provider.GetKeyedService<ReloadingVerifier>(Options.Options.DefaultName) ?? provider.GetRequiredKeyedService<ReloadingVerifier>(name));
        services.TryAddSingleton<ISpidTokenIntrospector>(provider => provider.GetKeyedService<ReloadingVerifier>(Options.Options.DefaultName) ?? provider.GetRequiredKeyedService<ReloadingVerifier>(name));
        return new SpidTokenVerifierBuilder(name, services, Backchannel.AddTo(services, httpClientName));
    }
}
