using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Spid.AspNetCore.Scopes;

namespace Spid.AspNetCore.DependencyInjection;

/// <summary>Puts the provider of scope policies around the one that is registered, which stays a service of the container under a key.</summary>
internal static class SpidScopePolicies
{
    private static readonly Type Key = typeof(SpidScopePolicyProvider);

    public static void AddTo(IServiceCollection services)
    {
        if (services.Any(descriptor => Key.Equals(descriptor.ServiceKey)))
        {
            return;
        }

        // As AddAuthorization does, which may be called later and then finds this one.
        services.TryAddTransient<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider>();
        ServiceDescriptor application = services.Last(descriptor => descriptor.ServiceType == typeof(IAuthorizationPolicyProvider) && !descriptor.IsKeyedService);
        services[services.IndexOf(application)] = ServiceDescriptor.Describe(
            typeof(IAuthorizationPolicyProvider),
            static provider => new SpidScopePolicyProvider(provider.GetRequiredKeyedService<IAuthorizationPolicyProvider>(Key)),
            application.Lifetime);
        services.Add(WithKey(application));
    }

    private static ServiceDescriptor WithKey(ServiceDescriptor descriptor) => descriptor switch
    {
        { ImplementationInstance: { } instance } => new ServiceDescriptor(descriptor.ServiceType, Key, instance),
        { ImplementationFactory: { } factory } => ServiceDescriptor.DescribeKeyed(descriptor.ServiceType, Key, (provider, _) => factory(provider), descriptor.Lifetime),
        _ => ServiceDescriptor.DescribeKeyed(descriptor.ServiceType, Key, descriptor.ImplementationType!, descriptor.Lifetime),
    };
}
