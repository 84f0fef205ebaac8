using System.Collections.Frozen;
using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>The last good key set, for as long as it may serve, and what came of the attempts to renew it. Changed by one fetch at a time, read by all.</summary>
internal sealed class KeySetState(VerifierSettings settings, MonotonicClock clock)
{
    private readonly FetchBackoff _backoff = new();
    private KeySetSnapshot? _snapshot;
    private SpidException? _lastError;
    private int _attempts;

    public KeySetStatus Status => (Usable(clock.Now), LastError) switch
    {
        (null, null) => KeySetStatus.NotNeeded,
        (null, _) => Pause(clock.Now) > TimeSpan.Zero ? KeySetStatus.Missing : KeySetStatus.Recovering,
        (_, not null) when Age > 2 * settings.Keys.RefreshInterval => KeySetStatus.Stale,
        _ => KeySetStatus.Fresh,
    };

    /// <summary>Gets the age of the key set, or <see langword="null"/> while there is none.</summary>
    public TimeSpan? Age => clock.Now is var now && Usable(now) is { } snapshot ? TimeSpan.FromMilliseconds(now - snapshot.FetchedAt) : null;

    /// <summary>Gets how many attempts have left something here. Read before everything else, it tells afterwards whether what was seen is out of date.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Gets why the latest attempt failed, or <see langword="null"/> when it succeeded.</summary>
    public SpidException? LastError => Volatile.Read(ref _lastError);

    public KeySetSnapshot? Usable(long now) => Volatile.Read(ref _snapshot) is { } snapshot && now < snapshot.DropAt ? snapshot : null;

    /// <summary>Says how long it takes until SPiD may be asked again; zero when it may be asked now.</summary>
    public TimeSpan Pause(long now) => _backoff.Left(now);

    /// <summary>The failure as it stands, with the time until the next attempt.</summary>
    public SpidException NotNow(TimeSpan wait)
    {
        SpidException? last = LastError;
        return new SpidException(last?.Kind ?? SpidErrorKind.Transient, last?.Message ?? $"{settings.JwksEndpoint} is not asked again so soon.", statusCode: last?.SpidStatusCode)
        {
            RetryAfter = wait > TimeSpan.Zero ? wait : null,
        };
    }

    /// <summary>A key that stays the same stays the same object, so that what it has vouched for stands.</summary>
    public void Take(JwksAnswer answer)
    {
        long now = clock.Now;
        KeySetSnapshot? old = Usable(now);
        FrozenDictionary<string, SigningKey> keys = answer.Keys.ToFrozenDictionary(
            key => key.KeyId, key => old?.Find(key.KeyId) is { } known && known.IsSameAs(key) ? known : key, StringComparer.Ordinal);
        double interval = settings.Keys.RefreshInterval.TotalMilliseconds * (0.9 + (0.2 * Random.Shared.NextDouble()));
        _backoff.Succeeded();
        Volatile.Write(ref _lastError, null);
        Volatile.Write(ref _snapshot, new KeySetSnapshot(keys, now, now + (long)interval, now + (long)settings.Keys.LastGoodMaximumAge.TotalMilliseconds));
        Volatile.Write(ref _attempts, _attempts + 1);
    }

    public void Fail(SpidException error)
    {
        _backoff.Failed(clock.Now, Random.Shared.NextDouble(), error.RetryAfter ?? TimeSpan.Zero);
        Volatile.Write(ref _lastError, error);
        Volatile.Write(ref _attempts, _attempts + 1);
    }
}
