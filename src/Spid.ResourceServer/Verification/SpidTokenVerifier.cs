using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Verifies tokens under one snapshot of settings. First what is remembered, without a lock or an allocation; else one search that
/// all who bring the token share. Either way the verdict is passed again for each request.
/// </summary>
internal sealed class SpidTokenVerifier : ISpidTokenVerifier, IDisposable
{
    private static readonly SpidTokenRequirements None = new();

    private readonly VerifierParts _parts;
    private readonly TokenHasher _hasher = new();
    private readonly FactsCache _cache;
    private readonly Judgement _judgement;
    private readonly TokenMemory _memory;
    private readonly FactFinder _finder;
    private readonly TokenFlights _flights;
    private readonly Eviction _eviction;

    /// <param name="settings">The settings.</param>
    /// <param name="parts">What it is made of.</param>
    /// <param name="previous">The verifier whose place it takes: what that one has learned of SPiD stays, what it has learned of tokens does not.</param>
    public SpidTokenVerifier(VerifierSettings settings, VerifierParts parts, SpidTokenVerifier? previous = null)
    {
        Settings = settings;
        _parts = parts;
        Keys = previous?.Keys.With(settings) ?? new KeySet(settings, parts);
        Introspection = previous?.Introspection.With(settings) ?? new IntrospectionClient(settings, parts);
        _cache = new FactsCache(settings, parts.TimeProvider);
        _judgement = new Judgement(settings);
        _memory = new TokenMemory(_cache, Keys, _judgement, parts.TimeProvider);
        SharedAnswers? shared = settings.Cache.Distributed && parts.DistributedCache is { } store ? new SharedAnswers(settings, store, parts.TimeProvider, parts.Logger) : null;
        _finder = new FactFinder(settings, Keys, new RemoteFinder(Introspection, shared, parts.TimeProvider), _judgement, parts.TimeProvider);
        _flights = new TokenFlights(_finder, _memory, _cache, settings.Timeout, parts.TimeProvider);
        _eviction = new Eviction(_flights, shared);
        parts.Telemetry.ObserveEntries(() => (_cache.FactsCount, _cache.RefusalCount));
    }

    public VerifierSettings Settings { get; }

    public KeySet Keys { get; }

    public IntrospectionClient Introspection { get; }

    public FactsCache Cache => _cache;

    /// <summary>Gets the number of searches under way.</summary>
    public int Searches => _flights.Count;

    public ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken) =>
        VerifyAsync(token, None, cancellationToken);

    public ValueTask<SpidVerificationResult> VerifyAsync(ReadOnlyMemory<char> token, SpidTokenRequirements? requirements = null, CancellationToken cancellationToken = default)
    {
        requirements ??= None;
        if (!TokenSyntax.IsToken(token.Span))
        {
            return new(Report(SpidVerificationResult.Rejected(SpidVerificationReason.MalformedToken), "hit", default));
        }

        TokenHash hash = _hasher.Hash(token.Span);
        long now = _cache.Now;
        CachedFacts? cached = _memory.Find(hash);
        if (cached is not null && now < cached.FreshUntil)
        {
            RefreshAhead(cached, hash, token, now);
            return new(Report(Judge(cached.Facts, fromCache: true, requirements), "hit", hash, cached.Facts, requirements));
        }

        if (_cache.FindRefusal(hash, now) is { } known)
        {
            return new(Conclude(known.ToFinding(now), cached, "hit", hash, requirements));
        }

        if (_finder.Prepare(token, out SpidVerificationReason refusal) is not { } search)
        {
            return new(Report(SpidVerificationResult.Rejected(refusal), "miss", hash));
        }

        // A signature takes less time than a shared search does, and shares no call.
        if (_finder.FindAtOnce(search) is { } finding)
        {
            _memory.Remember(hash, finding);
            return new(Conclude(finding, null, "miss", hash, requirements));
        }

        if (_finder.FindUnverifiedFault(search, out DateTimeOffset? expiresAt) is not SpidVerificationReason.None and var fault)
        {
            return new(Report(Judgement.Refuse(fault), "miss", hash, ReadForLog(search), requirements));
        }

        if (_finder.FindObstacle(search) is { } obstacle)
        {
            return new(Conclude(obstacle, cached, "miss", hash, requirements));
        }

        search = search with { ExpiresAt = expiresAt ?? cached?.Facts.Claims.ExpiresAt };
        return new(FindOutAsync(hash, search, cached, requirements, cancellationToken));
    }

    public ValueTask EvictAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken = default) =>
        TokenSyntax.IsToken(token.Span) ? _eviction.EvictAsync(_hasher.Hash(token.Span), token, cancellationToken) : ValueTask.CompletedTask;

    public ValueTask EvictClientAsync(string clientId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return _eviction.EvictClientAsync(clientId, cancellationToken);
    }

    /// <summary>Stops what goes on without requests; those under way end as they would.</summary>
    public void Retire(SpidTokenVerifier successor)
    {
        _cache.Dispose();
        Introspection.Retire(successor.Introspection);
    }

    public void Dispose()
    {
        _flights.Dispose();
        _cache.Dispose();
        Keys.Dispose();
        Introspection.Dispose();
    }

    private async Task<SpidVerificationResult> FindOutAsync(
        TokenHash hash, TokenSearch search, CachedFacts? stale, SpidTokenRequirements requirements, CancellationToken cancellationToken)
    {
        long arrivedAt = _cache.Now;
        int fetches = Keys.Started;
        TokenFlight flight = _flights.StartOrJoin(hash, search, out bool joined);
        bool isLate = joined && _flights.IsLate(flight);
        Finding finding = await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (finding is { IsUnavailable: true, IsFinal: false } && isLate)
        {
            finding = await _flights.TryAgainAsync(hash, search, finding, arrivedAt, cancellationToken).ConfigureAwait(false);
        }
        else if (joined && finding.Reason == SpidVerificationReason.UnknownKey && !Keys.ShowsAbsence(search.Compact!.Header.KeyId!, fetches))
        {
            // The search began earlier, and its fetch may be from before the key was published.
            var undecided = Finding.Unavailable(SpidVerificationReason.NoKeys, null);
            finding = await _flights.TryAgainAsync(hash, search, undecided, arrivedAt, cancellationToken).ConfigureAwait(false);
        }

        return Conclude(finding, stale, joined ? "joined" : "miss", hash, requirements);
    }

    private SpidVerificationResult Conclude(Finding finding, CachedFacts? stale, string cache, in TokenHash hash, SpidTokenRequirements requirements)
    {
        if (finding.Facts is { } facts)
        {
            return Report(Judge(facts, fromCache: false, requirements), cache, hash, facts, requirements);
        }

        if (!finding.IsUnavailable)
        {
            return Report(SpidVerificationResult.Rejected(finding.Reason), cache, hash);
        }

        // Looked for again: the token may have been evicted meanwhile, or its key withdrawn.
        return stale is not null && _memory.Find(hash) == stale && _cache.Now < stale.StaleUntil
            ? Report(Judge(stale.Facts, fromCache: true, requirements), "hit", hash, stale.Facts, requirements)
            : Report(SpidVerificationResult.Unavailable(finding.Reason, finding.RetryAfter), cache, hash);
    }

    /// <summary>Asks SPiD again before the facts are too old, so that no request waits for it. What a signature alone vouches for does not change.</summary>
    private void RefreshAhead(CachedFacts cached, in TokenHash hash, ReadOnlyMemory<char> token, long now)
    {
        bool isAnswer = cached.Facts.Key is null || Settings.ConfirmRemotely is not null;
        if (isAnswer && cached.TryBeginRefresh(now) && _finder.Prepare(token, out _) is { } search)
        {
            _flights.StartOrJoin(hash, search with { IsRefresh = true }, out _);
        }
    }

    /// <summary>Reads what an unverified token says: the log names the issuer or the time that was found.</summary>
    private TokenFacts? ReadForLog(TokenSearch search) =>
        _parts.Logger.IsEnabled(LogLevel.Debug) && search.Compact?.ReadPayload() is { } payload && ClaimsReader.Read(payload, out _) is { } claims
            ? new TokenFacts(claims, SpidTokenSource.LocalSignature, TimeSpan.Zero)
            : null;

    private SpidVerificationResult Judge(TokenFacts facts, bool fromCache, SpidTokenRequirements requirements) =>
        _judgement.Judge(facts, fromCache, requirements, _parts.TimeProvider.GetUtcNow());

    private SpidVerificationResult Report(
        SpidVerificationResult result, string cache, in TokenHash hash, TokenFacts? facts = null, SpidTokenRequirements? requirements = null)
    {
        _parts.Telemetry.Verified(result, Settings.Mode, cache);
        if (!result.IsAccepted && _parts.Logger.IsEnabled(LogLevel.Debug))
        {
            DateTimeOffset now = _parts.TimeProvider.GetUtcNow() + (facts?.ClockOffset ?? TimeSpan.Zero);
            var objection = TokenObjection.Find(result.Reason, facts?.Claims, Settings, requirements ?? None, now);
            Log.TokenNotAccepted(_parts.Logger, Settings.Name, hash.ToString(), result.Status, result.Reason, objection.Expected, objection.Found);
        }

        return result;
    }
}
