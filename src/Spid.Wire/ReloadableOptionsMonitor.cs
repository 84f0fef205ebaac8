using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>Registers <see cref="ReloadableOptions{TOptions}"/> in place of the platform's monitor for one type of options, unless the application has one of its own.</summary>
internal static class ReloadableOptionsMonitor
{
    public static void AddTo<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceCollection services, Action<ILogger, string, string> logRefused)
        where TOptions : class => services.TryAddSingleton<IOptionsMonitor<TOptions>>(provider =>
    {
        ILogger? logger = provider.GetService<ILoggerFactory>()?.CreateLogger(typeof(TOptions));
        return new ReloadableOptions<TOptions>(
            provider.GetRequiredService<IOptionsFactory<TOptions>>(),
            provider.GetServices<IOptionsChangeTokenSource<TOptions>>(),
            provider.GetRequiredService<IOptionsMonitorCache<TOptions>>(),
            (owner, errors) =>
            {
                if (logger is not null)
                {
                    logRefused(logger, owner, errors);
                }
            });
    });
}
