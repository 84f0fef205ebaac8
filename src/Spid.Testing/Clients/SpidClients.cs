using System.Collections.Concurrent;

namespace Spid.Testing.Clients;

/// <summary>Holds the clients the server knows.</summary>
/// <remarks>Safe for use from several threads.</remarks>
public sealed class SpidClients
{
    private readonly ConcurrentDictionary<string, SpidClientRegistration> _clients = new(StringComparer.Ordinal);

    internal SpidClients(IEnumerable<SpidClientRegistration> clients)
    {
        foreach (var client in clients)
        {
            Add(client);
        }
    }

    /// <summary>Gets a snapshot of the clients, in no order.</summary>
    public IReadOnlyCollection<SpidClientRegistration> All => [.. _clients.Values];

    /// <summary>Makes a client known from the next request on.</summary>
    /// <param name="client">The client.</param>
    /// <returns>The same client.</returns>
    /// <exception cref="ArgumentException">A client with this id is known already.</exception>
    public SpidClientRegistration Add(SpidClientRegistration client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _clients.TryAdd(client.ClientId, client)
            ? client
            : throw new ArgumentException($"A client with the id '{client.ClientId}' is known already.", nameof(client));
    }

    /// <summary>Forgets a client; its tokens are inactive from then on.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>Whether the client was known.</returns>
    public bool Remove(string clientId) => _clients.TryRemove(clientId, out _);

    /// <summary>Finds a client, for instance one that came through <c>/oauth/register</c>.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>The client, or <see langword="null"/>.</returns>
    public SpidClientRegistration? Find(string clientId) => _clients.GetValueOrDefault(clientId);

    internal bool KnowsResource(string resource) => _clients.Values.Any(client => client.Serves(resource));
}
