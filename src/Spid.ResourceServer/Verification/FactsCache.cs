using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Remembers what is known of tokens, good and bad ones apart: made-up tokens land among the refusals, which are few and
/// short-lived. Nothing here outlives the time in which the token is accepted (RFC 7662 section 4), and nothing says whether a request was let in.
/// </summary>
internal sealed class FactsCache : IDisposable
{
    private const double RefreshPoint = 0.8;

    /// <summary>How long a token near its expiry, or within the clock skew after it, is remembered: else each request with it would ask SPiD.</summary>
    public static readonly TimeSpan ShortestAge = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(60);

    private readonly CacheSettings _settings;
    private readonly TimeSpan _clockSkew;
    private readonly TimeSpan _maximumAgeOfLocal;
    private readonly TimeSpan _maximumAgeOfRemote;
    private readonly TimeProvider _timeProvider;
    private readonly MonotonicClock _clock;
    private readonly BoundedStore<CachedFacts> _facts;
    private readonly BoundedStore<CachedRefusal> _refusals;
    private readonly ITimer _sweep;

    public FactsCache(VerifierSettings settings, TimeProvider timeProvider)
    {
        _settings = settings.Cache;
        _clockSkew = settings.ClockSkew;
        TimeSpan maximumAge = settings.Cache.MaximumAge;
        TimeSpan confirmed = settings.ConfirmRemotely ?? maximumAge;

        // A signature stays good, so only the confirmation counts; an answer counts as one, whatever the token would have been without it.
        _maximumAgeOfLocal = maximumAge > TimeSpan.Zero ? confirmed : TimeSpan.Zero;
        _maximumAgeOfRemote = Shorter(maximumAge, confirmed);
        _timeProvider = timeProvider;
        _clock = new MonotonicClock(timeProvider);
        _facts = new BoundedStore<CachedFacts>(_settings.MaximumEntries);
        _refusals = new BoundedStore<CachedRefusal>(_settings.MaximumNegativeEntries);
        _sweep = timeProvider.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public int FactsCount => _facts.Count;

    public int RefusalCount => _refusals.Count;

    public long Now => _clock.Now;

    /// <summary>Finds facts that may still serve in some way; whether they are fresh is for the caller to look at.</summary>
    public CachedFacts? Find(in TokenHash hash) => _facts.Find(hash);

    public CachedRefusal? FindRefusal(in TokenHash hash, long now) =>
        _refusals.Find(hash) is { } refusal && now < refusal.Until ? refusal : null;

    public void Store(in TokenHash hash, TokenFacts facts)
    {
        TimeSpan life = facts.LifeAt(_timeProvider.GetUtcNow());
        TimeSpan shortest = Shorter(ShortestAge, life + _clockSkew);
        bool isEnding = life < shortest;
        life = isEnding ? shortest : life;
        life = facts.GoodFor is { } goodFor ? Shorter(goodFor, life) : life;
        TimeSpan fresh = Shorter(life, facts.Key is null ? _maximumAgeOfRemote : _maximumAgeOfLocal);
        if (fresh <= TimeSpan.Zero)
        {
            return;
        }

        long now = _clock.Now;
        TimeSpan stale = Shorter(life, fresh + _settings.StaleIfError);
        long refreshAt = _settings.RefreshAhead && !isEnding ? now + (long)(fresh.TotalMilliseconds * RefreshPoint) : long.MaxValue;
        _refusals.Remove(hash);
        _facts.Set(hash, new CachedFacts(facts, now + (long)fresh.TotalMilliseconds, now + (long)stale.TotalMilliseconds, refreshAt));
    }

    public void StoreRefusal(in TokenHash hash, SpidVerificationReason reason)
    {
        _facts.Remove(hash);
        StoreNegative(hash, reason, isUnavailable: false, _settings.NegativeMaximumAge);
    }

    /// <summary>Remembers that SPiD gives no usable answer for this token. Known facts stay: they may serve if SPiD cannot be asked.</summary>
    public void StoreUnavailable(in TokenHash hash, SpidVerificationReason reason, TimeSpan? age) =>
        StoreNegative(hash, reason, isUnavailable: true, Shorter(age ?? _settings.NegativeMaximumAge, _settings.NegativeMaximumAge));

    public void Remove(in TokenHash hash)
    {
        _facts.Remove(hash);
        _refusals.Remove(hash);
    }

    public void RemoveClient(string clientId) =>
        _facts.RemoveWhere(cached => clientId == (cached.Facts.Claims.ClientId ?? cached.Facts.Claims.AuthorizedParty));

    public void Dispose() => _sweep.Dispose();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void StoreNegative(in TokenHash hash, SpidVerificationReason reason, bool isUnavailable, TimeSpan age)
    {
        if (age > TimeSpan.Zero)
        {
            _refusals.Set(hash, new CachedRefusal(reason, isUnavailable, _clock.Now + (long)age.TotalMilliseconds));
        }
    }

    /// <summary>Without traffic nothing else would remove expired entries, and it is personal data.</summary>
    private void Sweep()
    {
        long now = _clock.Now;
        _facts.RemoveWhere(cached => now >= cached.StaleUntil);
        _refusals.RemoveWhere(refusal => now >= refusal.Until);
    }
}
