using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>The registered schemes, each with state of its own.</summary>
internal sealed class SpidBearerSchemes(SpidBearerRegistry registry, IServiceProvider provider, IOptionsMonitor<SpidBearerOptions> options) : IDisposable
{
    private readonly ConcurrentDictionary<string, SpidBearerScheme> _schemes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public IReadOnlyCollection<string> Names => registry.Names;

    public bool Has(string? name) => name is not null && registry.Names.Contains(name);

    public SpidBearerScheme Get(string name) => _schemes.TryGetValue(name, out SpidBearerScheme? scheme) ? scheme : Create(name);

    public void Dispose()
    {
        foreach (SpidBearerScheme scheme in _schemes.Values)
        {
            scheme.Dispose();
        }
    }

    /// <summary>One at a time. What fails is not kept: configuration that is invalid for a while is mended some time.</summary>
    private SpidBearerScheme Create(string name)
    {
        lock (_gate)
        {
            return _schemes.GetOrAdd(name, added => new SpidBearerScheme(added, provider.GetRequiredKeyedService<ISpidTokenVerifier>(added), options));
        }
    }
}
