using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// The tool of <c>Microsoft.Extensions.ApiDescription.Server</c> starts an application while it is built, to read its OpenAPI document. There is no
/// configuration then, and no request will come.
/// </summary>
internal static class BuildTimeHost
{
    /// <summary>Gets a value indicating whether the tool runs this process. The platform's documentation tells applications to look for the same name.</summary>
    public static bool IsRunning { get; } = Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    /// <summary>Adds options that are validated when the host starts, unless that is to read the document.</summary>
    public static OptionsBuilder<TOptions> AddOptionsWithValidationByHost<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, string name)
        where TOptions : class => IsRunning ? services.AddOptions<TOptions>(name) : services.AddOptionsWithValidateOnStart<TOptions>(name);

    /// <summary>Adds what happens when the host starts, once, unless that is to read the document.</summary>
    public static void AddStartUp<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        if (!IsRunning)
        {
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TService>());
        }
    }
}
