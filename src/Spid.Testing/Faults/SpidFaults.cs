namespace Spid.Testing.Faults;

/// <summary>Makes requests go wrong on demand.</summary>
/// <remarks>Safe for use from several threads. Faults from <see cref="Next"/> come first, in the order given; then the one from <see cref="Always"/>.</remarks>
public sealed class SpidFaults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SpidEndpoint, Queue<SpidFault>> _next = [];
    private readonly Dictionary<SpidEndpoint, SpidFault> _always = [];

    internal SpidFaults()
    {
    }

    /// <summary>Lets the next requests to an endpoint go wrong.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="fault">What happens to them.</param>
    /// <param name="count">How many requests; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public void Next(SpidEndpoint endpoint, SpidFault fault, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_gate)
        {
            if (!_next.TryGetValue(endpoint, out var queue))
            {
                _next[endpoint] = queue = new();
            }

            for (var i = 0; i < count; i++)
            {
                queue.Enqueue(fault);
            }
        }
    }

    /// <summary>Lets every request to an endpoint go wrong until <see cref="Clear()"/>; replaces an earlier such fault.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="fault">What happens to them.</param>
    public void Always(SpidEndpoint endpoint, SpidFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
        {
            _always[endpoint] = fault;
        }
    }

    /// <summary>Ends all faults; requests that hang already keep hanging.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            _always.Clear();
        }
    }

    /// <summary>Ends the faults of one endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public void Clear(SpidEndpoint endpoint)
    {
        lock (_gate)
        {
            _next.Remove(endpoint);
            _always.Remove(endpoint);
        }
    }

    internal SpidFault? Take(SpidEndpoint endpoint)
    {
        lock (_gate)
        {
            return _next.TryGetValue(endpoint, out var queue) && queue.TryDequeue(out var fault)
                ? fault
                : _always.GetValueOrDefault(endpoint);
        }
    }
}
