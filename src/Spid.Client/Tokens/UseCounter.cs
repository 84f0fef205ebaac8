using Microsoft.Extensions.Internal;

namespace Spid.Client.Tokens;

/// <summary>
/// Stands for the clock of a <see cref="Microsoft.Extensions.Caching.Memory.MemoryCache"/> whose entries have no expiry: it asks for the time only to
/// know which entry was used longest ago. A count of uses tells that exactly, and no clock that is set back can turn the order round.
/// </summary>
internal sealed class UseCounter : ISystemClock
{
    private long _uses;

    public DateTimeOffset UtcNow => new(Interlocked.Increment(ref _uses), TimeSpan.Zero);
}
