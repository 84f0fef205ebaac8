using Microsoft.Extensions.Options;

namespace Spid.Client.Tokens;

/// <summary>Gives SPiD clients whose names are known only at run time, such as one for each tenant. Registered by <c>AddSpidClientFactory</c>.</summary>
/// <remarks>
/// Thread-safe. Clients have a cache, failure memory and circuit breaker each and share one connection. The factory keeps a limited number of them: the
/// least recently used one is given up first. Its requests under way end as usual, and it is created again, without tokens, when its name is asked for.
/// </remarks>
public interface ISpidClientFactory
{
    /// <summary>Gets the client of a name, and creates it from the options of that name with the first call. Get it for each operation; the factory disposes of it.</summary>
    /// <param name="name">The name. That of a client that <c>AddSpidClientCredentials</c> registered gives that client.</param>
    /// <returns>The client, the same one until it is removed or given up.</returns>
    /// <exception cref="OptionsValidationException">The options of the name are invalid. That is not remembered; the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The factory was disposed with its container.</exception>
    TokenClient GetClient(string name);

    /// <summary>Reads the options of a client again, after its secret has changed for example. Living tokens are kept if the same ones are asked for.</summary>
    /// <param name="name">The name. Nothing happens when the factory has no client of it.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the previous ones stay in effect.</exception>
    void Reload(string name);

    /// <summary>Removes a client and ends its requests under way; those who wait for them get an <see cref="ObjectDisposedException"/>.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="false"/> when the factory has no client of it.</returns>
    bool Remove(string name);
}
