using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Spid.Client;
using Spid.Client.DependencyInjection;
using Spid.Client.Diagnostics;
using Spid.Client.Registration;
using Spid.Client.Settings;
using Spid.Client.Tokens;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers clients of SPiD (Schibsted account) that obtain server tokens.</summary>
/// <remarks>
/// Every overload can be called repeatedly: calls for one name add to its options and register nothing twice. A name has one configuration
/// section; code can change what comes from it. Options are validated when the host starts; a service provider without a host validates them
/// on first use.
/// </remarks>
public static class SpidClientCredentialsServiceCollectionExtensions
{
    private static readonly SectionRules Rules = SectionRules.Of<SpidClientOptions>()
        .With<SpidTokenCacheOptions>(nameof(SpidClientOptions.Cache))
        .With<SpidResilienceOptions>(nameof(SpidClientOptions.Resilience))
        .WithHint(nameof(SpidClientOptions.Scope), "write scopes with spaces between them")
        .WithMarks(nameof(SpidClientOptions.ClientId), nameof(SpidClientOptions.ClientSecret), nameof(SpidClientOptions.Scope));

    /// <summary>Registers the default client, configured by the section <c>Spid</c> of the host's configuration.</summary>
    /// <param name="services">The services to add to.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    /// <exception cref="InvalidOperationException">The client is configured by another section already.</exception>
    public static SpidClientBuilder AddSpidClientCredentials(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (BoundSections.In(services).Add(typeof(SpidClientOptions), Options.Options.DefaultName, SpidClientOptions.SectionName))
        {
            ApplicationSection.Follow<SpidClientOptions>(services, Options.Options.DefaultName, SpidClientOptions.SectionName);
            services.AddOptions<SpidClientOptions>().Configure<IConfiguration>(static (options, configuration) =>
            {
                IConfigurationSection section = configuration.GetSection(SpidClientOptions.SectionName);
                Rules.ThrowIfInvalid("", section);
                section.Bind(options);
            });
        }

        return Add(services, Options.Options.DefaultName);
    }

    /// <summary>Registers the default client, configured by code.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidClientBuilder AddSpidClientCredentials(this IServiceCollection services, Action<SpidClientOptions> configure) =>
        services.AddSpidClientCredentials(Options.Options.DefaultName, configure);

    /// <summary>Registers the default client, configured by a configuration section.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">The section whose keys are the names of the options. Changes of it take effect at once.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    /// <exception cref="InvalidOperationException">The client is configured by another section already.</exception>
    public static SpidClientBuilder AddSpidClientCredentials(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSpidClientCredentials(Options.Options.DefaultName, configuration);

    /// <summary>Registers a named client, configured by code. It is a keyed service with its name as key.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidClientBuilder AddSpidClientCredentials(this IServiceCollection services, string name, Action<SpidClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SpidClientOptions>(name).Configure(configure);
        return Add(services, name);
    }

    /// <summary>Registers a named client, configured by a configuration section. It is a keyed service with its name as key.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="name">The name.</param>
    /// <param name="configuration">The section whose keys are the names of the options. Changes of it take effect at once.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    /// <exception cref="InvalidOperationException">The client is configured by another section already.</exception>
    public static SpidClientBuilder AddSpidClientCredentials(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configuration);
        if (BoundSections.In(services).Add(typeof(SpidClientOptions), name, configuration))
        {
            services.AddOptions<SpidClientOptions>(name)
                .Configure(_ => Rules.ThrowIfInvalid(name, configuration))
                .Bind(configuration);
        }

        return Add(services, name);
    }

    private static SpidClientBuilder Add(IServiceCollection services, string name)
    {
        string httpClientName = ClientFactory.BackchannelName(name);
        if (!SpidClientRegistry.In(services).AddClient(name))
        {
            return new SpidClientBuilder(name, services, services.AddHttpClient(httpClientName));
        }

        services.AddOptionsWithValidationByHost<SpidClientOptions>(name);
        ReloadableOptionsMonitor.AddTo<SpidClientOptions>(services, Log.OptionsRefused);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SpidClientOptions>, SpidClientOptionsRules>());
        services.AddStartUp<PlainHttpWarning>();
        services.AddStartUp<WarmUp>();

        services.TryAddKeyedSingleton<TokenClient>(name, static (provider, key) => ClientFactory.Create(provider, (string)key!));
        services.TryAddKeyedSingleton<ISpidTokenProvider>(name, static (provider, key) => provider.GetRequiredKeyedService<TokenClient>(key));
        services.TryAddKeyedSingleton(name, static (provider, key) => new SpidRegistrationClient(provider.GetRequiredKeyedService<TokenClient>(key)));
        if (name.Length == 0)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<TokenClient>(Options.Options.DefaultName));
            services.TryAddSingleton<ISpidTokenProvider>(static provider => provider.GetRequiredService<TokenClient>());
            services.TryAddSingleton(static provider => new SpidRegistrationClient(provider.GetRequiredService<TokenClient>()));
        }

        return new SpidClientBuilder(name, services, Backchannel.AddTo(services, httpClientName));
    }
}
