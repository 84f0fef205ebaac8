using Microsoft.Extensions.DependencyInjection;

namespace Spid.AspNetCore.DependencyInjection;

/// <summary>Puts a service of ours around the one that is registered, which stays a service of the container with our type as its key.</summary>
internal static class Decoration
{
    public static void Decorate<TService, TDecorator>(this IServiceCollection services, Func<TService, IServiceProvider, TDecorator> decorate)
        where TService : class
        where TDecorator : class, TService
    {
        Type key = typeof(TDecorator);
        if (services.Any(descriptor => key.Equals(descriptor.ServiceKey)))
        {
            return;
        }

        ServiceDescriptor inner = services.Last(descriptor => descriptor.ServiceType == typeof(TService) && !descriptor.IsKeyedService);
        services[services.IndexOf(inner)] = ServiceDescriptor.Describe(typeof(TService), provider => decorate(provider.GetRequiredKeyedService<TService>(key), provider), inner.Lifetime);
        services.Add(WithKey(inner, key));
    }

    private static ServiceDescriptor WithKey(ServiceDescriptor descriptor, Type key) => descriptor switch
    {
        { ImplementationInstance: { } instance } => new ServiceDescriptor(descriptor.ServiceType, key, instance),
        { ImplementationFactory: { } factory } => ServiceDescriptor.DescribeKeyed(descriptor.ServiceType, key, (provider, _) => factory(provider), descriptor.Lifetime),
        _ => ServiceDescriptor.DescribeKeyed(descriptor.ServiceType, key, descriptor.ImplementationType!, descriptor.Lifetime),
    };
}
