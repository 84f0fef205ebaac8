using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Spid.Hosts.Tests.Factories;

/// <summary>Factories of the same application that one test changes.</summary>
internal static class FactoryExtensions
{
    public static WebApplicationFactory<MessagesApplication> With(this WebApplicationFactory<MessagesApplication> factory, Action<IServiceCollection> configure) =>
        factory.WithWebHostBuilder(builder => builder.ConfigureTestServices(configure));

    /// <summary>In development, which factories begin with, a page describes exceptions; otherwise they reach the caller in the test.</summary>
    public static WebApplicationFactory<MessagesApplication> InProduction(this WebApplicationFactory<MessagesApplication> factory) =>
        factory.WithWebHostBuilder(builder => builder.UseEnvironment(Environments.Production));
}
