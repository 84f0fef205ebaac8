using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>The registered schemes, each with state of its own.</summary>
internal sealed class SpidBearerSchemes(SpidBearerRegistry registry, IServiceProvider provider, IOptionsMonitor<SpidBearerOptions> options) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<SpidBearerScheme>> _schemes = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => registry.Names;

    public bool Has(string? name) => name is not null && registry.Names.Contains(name);

    public SpidBearerScheme Get(string name) => _schemes.TryGetValue(name, out Lazy<SpidBearerScheme>? scheme)
        ? scheme.Value
        : _schemes.GetOrAdd(name, added => new Lazy<SpidBearerScheme>(() => Create(added))).Value;

    public void Dispose()
    {
        foreach (Lazy<SpidBearerScheme> scheme in _schemes.Values.Where(scheme => scheme.IsValueCreated))
        {
            scheme.Value.Dispose();
        }
    }

    private SpidBearerScheme Create(string name) => new(name, provider.GetRequiredKeyedService<ISpidTokenVerifier>(name), options);
}
