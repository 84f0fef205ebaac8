using Spid.Testing.Faults;
using Spid.Testing.Transport;

namespace Spid.Testing.Behavior;

/// <summary>Counts requests per endpoint in fixed windows.</summary>
internal sealed class RateLimiter(SpidBehavior behavior, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SpidEndpoint, (DateTimeOffset End, int Count)> _windows = [];
    private SpidRateLimit? _limit;

    /// <summary>The answer to a request beyond the limit, or <see langword="null"/> for one within.</summary>
    public Reply? Check(SpidEndpoint endpoint)
    {
        var now = timeProvider.GetUtcNow();
        lock (_gate)
        {
            if (!ReferenceEquals(_limit, behavior.RateLimit))
            {
                _limit = behavior.RateLimit;
                _windows.Clear();
            }

            if (_limit is null)
            {
                return null;
            }

            var window = _windows.TryGetValue(endpoint, out var known) && now < known.End ? known : (End: now + _limit.Window, Count: 0);
            _windows[endpoint] = window with { Count = window.Count + 1 };
            return window.Count < _limit.Requests
                ? null
                : Container.RateLimited((long)Math.Ceiling((window.End - now).TotalSeconds), _limit.Requests, 0);
        }
    }
}
