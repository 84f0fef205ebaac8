using Microsoft.Extensions.DependencyInjection;

namespace Spid.Wire;

/// <summary>Finds what a service collection keeps about its own registrations, which it needs before there is a provider.</summary>
internal static class Registry
{
    /// <summary>Gives the registry of a collection, and prepares a new one when there is none yet.</summary>
    public static TRegistry In<TRegistry>(IServiceCollection services, Action<TRegistry>? prepare = null)
        where TRegistry : class, new()
    {
        if (services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(TRegistry))?.ImplementationInstance is TRegistry existing)
        {
            return existing;
        }

        var registry = new TRegistry();
        services.AddSingleton(registry);
        prepare?.Invoke(registry);
        return registry;
    }
}
