using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Spid.Client;
using Spid.Client.DependencyInjection;
using Spid.Client.Settings;
using Spid.Client.Tokens;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what creates clients of SPiD whose names are known only at run time.</summary>
public static class SpidClientFactoryServiceCollectionExtensions
{
    /// <summary>Registers <see cref="ISpidClientFactory"/>, which creates a client for each name that is asked for, such as one for each tenant.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configure">
    /// Sets the options of a name; it may throw for a name that it does not know. It is called when a client is created and by <see cref="ISpidClientFactory.Reload"/>,
    /// and it must not wait for a network: look the options up before.
    /// </param>
    /// <param name="maximumClients">How many clients are kept; the least recently used one is given up first. At least 1; the default is 1 000.</param>
    /// <returns>The builder of the connection that these clients share.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumClients"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The factory is registered already.</exception>
    public static IHttpClientBuilder AddSpidClientFactory(
        this IServiceCollection services, Action<IServiceProvider, string, SpidClientOptions> configure, int maximumClients = 1000)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumClients, 1);
        if (services.Any(descriptor => descriptor.ServiceType == typeof(RuntimeClients)))
        {
            throw new InvalidOperationException("AddSpidClientFactory was called before: all names whose clients are created at run time are configured in one place.");
        }

        SpidClientRegistry registry = SpidClientRegistry.In(services);
        services.AddOptions<SpidClientOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SpidClientOptions>, SpidClientOptionsRules>());
        services.AddSingleton(provider => new RuntimeClients(provider, registry, configure, maximumClients));
        services.AddSingleton<IConfigureOptions<SpidClientOptions>>(static provider => provider.GetRequiredService<RuntimeClients>());
        services.AddSingleton<ISpidClientFactory, SpidClientFactory>();
        return Backchannel.AddTo(services, ClientFactory.BackchannelName(RuntimeClients.SharedName));
    }
}
