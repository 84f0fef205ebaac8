using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// A section of the application's own configuration, which is there only when the container is. <c>BindConfiguration</c> would follow the
/// whole configuration instead, and the section that options come from would be unknown.
/// </summary>
internal static class ApplicationSection
{
    public static void Follow<TOptions>(IServiceCollection services, string name, string path) => services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(
        provider => new ConfigurationChangeTokenSource<TOptions>(name, provider.GetRequiredService<IConfiguration>().GetSection(path)));
}
