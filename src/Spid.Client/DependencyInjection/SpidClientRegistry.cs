using Microsoft.Extensions.DependencyInjection;

namespace Spid.Client.DependencyInjection;

/// <summary>What has been registered in one service collection, so that registering twice equals registering once.</summary>
internal sealed class SpidClientRegistry
{
    private readonly HashSet<string> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _handlers = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Clients => _clients;

    /// <summary>Gets the names of the HttpClients that carry tokens.</summary>
    public IReadOnlyCollection<string> HttpClients => _handlers.Keys;

    public static SpidClientRegistry In(IServiceCollection services) =>
        Registry.In<SpidClientRegistry>(services, registry => HeaderlessLoggingFilter.AddTo(services, registry.CarriesTokens));

    /// <summary>Words that a client is missing, and the line to write.</summary>
    public static InvalidOperationException Missing(string clientName) => new(clientName.Length == 0
        ? "There is no default SPiD client: call services.AddSpidClientCredentials(...)."
        : $"There is no SPiD client '{clientName}': call services.AddSpidClientCredentials(\"{clientName}\", ...).");

    public bool AddClient(string name) => _clients.Add(name);

    public bool HasClient(string name) => _clients.Contains(name);

    /// <summary>Notes that an HttpClient takes its tokens from a SPiD client; <see langword="false"/> when that is known already.</summary>
    /// <exception cref="InvalidOperationException">It takes them from another one.</exception>
    public bool AddHandler(string httpClientName, string clientName)
    {
        if (!_handlers.TryGetValue(httpClientName, out string? existing))
        {
            _handlers.Add(httpClientName, clientName);
            return true;
        }

        return existing == clientName
            ? false
            : throw new InvalidOperationException(
                $"HttpClient '{httpClientName}' already takes its tokens from SPiD client '{existing}' and cannot take them from '{clientName}' as well.");
    }

    private bool CarriesTokens(string httpClientName) => ClientOf(httpClientName) is not null;

    public string? ClientOf(string httpClientName) => _handlers.GetValueOrDefault(httpClientName);
}
