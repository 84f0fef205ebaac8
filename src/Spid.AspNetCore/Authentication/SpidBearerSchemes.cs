using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Authentication;

/// <summary>The registered schemes, each with state of its own.</summary>
internal sealed class SpidBearerSchemes(SpidBearerRegistry registry, IServiceProvider provider, IOptionsMonitor<SpidBearerOptions> options, ILogger<SpidBearerOptions> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, SpidBearerScheme> _schemes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly SafeLogger _logger = new(logger);

    public IReadOnlyCollection<string> Names => registry.Names;

    /// <summary>Gets the logger of everything here that has to do with requests.</summary>
    public ILogger Logger => _logger;

    /// <summary>Gets the schemes that have been made.</summary>
    public IEnumerable<SpidBearerScheme> Made => _schemes.Values;

    public bool Has(string? name) => name is not null && registry.Names.Contains(name);

    /// <summary>
    /// Finds the schemes that decide where a policy requires scopes and names no scheme: the default one where that is SPiD's, else the one that was added
    /// without a name, or all where each has a name. None where the default one is a policy scheme, which chooses itself.
    /// </summary>
    public IReadOnlyList<string> FindForScopes(AuthenticationScheme? defaultScheme) => defaultScheme switch
    {
        not null when Has(defaultScheme.Name) => Get(defaultScheme.Name).AsList,
        { HandlerType: { } handler } when handler == typeof(PolicySchemeHandler) => [],
        _ when Has(SpidBearerDefaults.AuthenticationScheme) => [SpidBearerDefaults.AuthenticationScheme],
        _ => [.. registry.Names],
    };

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
            return _schemes.GetOrAdd(name, added => new SpidBearerScheme(added, provider.GetRequiredKeyedService<ISpidTokenVerifier>(added), options, _logger));
        }
    }
}
