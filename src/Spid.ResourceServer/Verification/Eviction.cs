namespace Spid.ResourceServer.Verification;

/// <summary>Makes this process, and those it shares answers with, forget tokens.</summary>
internal sealed class Eviction(TokenFlights flights, SharedAnswers? shared)
{
    public ValueTask EvictAsync(TokenHash hash, ReadOnlyMemory<char> token, CancellationToken cancellationToken) =>
        EvictAsync(() => flights.Evict(hash), shared?.EvictAsync(token.ToString(), cancellationToken));

    public ValueTask EvictClientAsync(string clientId, CancellationToken cancellationToken) =>
        EvictAsync(() => flights.EvictClient(clientId), shared?.EvictClientAsync(clientId, cancellationToken));

    private static async ValueTask EvictAsync(Action evictHere, Task? evictShared)
    {
        evictHere();
        if (evictShared is not null)
        {
            try
            {
                await evictShared.ConfigureAwait(false);
            }
            finally
            {
                // Until then a request may have taken it from what is shared.
                evictHere();
            }
        }
    }
}
