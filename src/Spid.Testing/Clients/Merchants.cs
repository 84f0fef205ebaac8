using System.Collections.Concurrent;

namespace Spid.Testing.Clients;

/// <summary>The configured merchants, and a numbered one for every other name.</summary>
internal sealed class Merchants
{
    private readonly ConcurrentDictionary<string, SpidMerchant> _merchants = new(StringComparer.Ordinal);
    private int _lastId = SpidMerchant.FirstId - 1;

    public Merchants(IEnumerable<SpidMerchant> configured)
    {
        foreach (var merchant in configured)
        {
            _merchants[merchant.Name] = merchant;
            _lastId = Math.Max(_lastId, merchant.Id);
        }
    }

    public SpidMerchant Get(string name) => _merchants.GetOrAdd(name, (created, arg) => new SpidMerchant(created, Interlocked.Increment(ref _lastId)), this);
}
