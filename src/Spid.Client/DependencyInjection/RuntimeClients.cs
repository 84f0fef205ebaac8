using Microsoft.Extensions.Options;

namespace Spid.Client.DependencyInjection;

/// <summary>Configures the options of clients whose names are known only at run time. Names that are registered have options of their own.</summary>
internal sealed class RuntimeClients(
    IServiceProvider provider, SpidClientRegistry registry, Action<IServiceProvider, string, SpidClientOptions> configure, int maximumClients) : IConfigureNamedOptions<SpidClientOptions>
{
    /// <summary>Stands for the names in telemetry, of which there may be many, and in the names of what these clients share.</summary>
    public const string SharedName = "*";

    public int MaximumClients => maximumClients;

    public void Configure(SpidClientOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, SpidClientOptions options)
    {
        if (name is not null && !registry.HasClient(name))
        {
            configure(provider, name, options);
        }
    }
}
