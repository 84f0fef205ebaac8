using Microsoft.Extensions.DependencyInjection;

namespace Spid.AspNetCore.Authentication;

/// <summary>The names of the schemes of one service collection, so that registering twice equals registering once.</summary>
internal sealed class SpidBearerRegistry
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Names => _names;

    public static SpidBearerRegistry In(IServiceCollection services) => Registry.In<SpidBearerRegistry>(services);

    public bool Add(string name) => _names.Add(name);
}
