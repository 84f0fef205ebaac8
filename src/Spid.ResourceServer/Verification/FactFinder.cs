using System.Diagnostics;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>Finds out about a token that is not cached: by its signature, or by asking SPiD.</summary>
internal sealed class FactFinder(VerifierSettings settings, KeySet keys, RemoteFinder remote, Judgement judgement, TimeProvider timeProvider)
{
    private readonly Router _router = new(settings);
    private readonly UnverifiedCheck _unverified = new(judgement);

    /// <summary>Looks at the form of a token, which costs no call and no signature; most made-up tokens get no further.</summary>
    public TokenSearch? Prepare(ReadOnlyMemory<char> token, out SpidVerificationReason refusal)
    {
        CompactToken? compact = CompactToken.TryParse(token);
        (Route route, refusal) = _router.Choose(token.Span, compact);
        return route == Route.Refuse ? null : new TokenSearch(compact?.Text ?? token.ToString(), compact, route);
    }

    /// <summary>Verifies a token whose key is at hand. Gives <see langword="null"/> when somebody has to be asked, for the key or for the token.</summary>
    public Finding? FindAtOnce(TokenSearch search) =>
        search.Route == Route.Local && settings.ConfirmRemotely is null && keys.Find(search.Compact!.Header.KeyId!) is { } key
            ? FindBySignature(search.Compact, key)
            : null;

    /// <summary>Finds what is wrong with a token before a key is fetched or SPiD is asked for it.</summary>
    public SpidVerificationReason FindUnverifiedFault(TokenSearch search, out DateTimeOffset? expiresAt) => _unverified.FindFault(
        search.Compact, needsSignature: search.Route == Route.Local && (keys.Age is not null || !CanDecideWithoutKeys), timeProvider.GetUtcNow(), out expiresAt);

    /// <summary>Finds at once why a search would come to nothing: an outage must cost its requests next to nothing.</summary>
    public Finding? FindObstacle(TokenSearch search) => search.Route == Route.Local ? null : remote.FindObstacle(search);

    /// <summary>Takes <see cref="VerifierSettings.Timeout"/> at most, for keys and introspection together.</summary>
    public async Task<Finding> FindAsync(TokenSearch search, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, timeProvider);
        Finding finding = search.Route == Route.Local
            ? await FindLocallyAsync(search, search.Compact!, limit.Token, cancellationToken).ConfigureAwait(false)
            : await remote.FindAsync(search, limit.Token, cancellationToken).ConfigureAwait(false);

        // From its last second on nothing serves meanwhile, and each request with it would ask again.
        bool isEnding = search.ExpiresAt - timeProvider.GetUtcNow() < FactsCache.ShortestAge;
        return isEnding && finding is { Reason: SpidVerificationReason.IntrospectionFailed, IsFinal: false }
            ? Finding.UnavailableForToken(finding.Reason, finding.RetryAfter ?? FactsCache.ShortestAge) with { RememberedFor = FactsCache.ShortestAge }
            : finding;
    }

    /// <summary>Gets a value indicating whether SPiD is asked about signed tokens while there is no key set.</summary>
    private bool CanDecideWithoutKeys => settings is { Mode: SpidVerificationMode.Auto, CanIntrospect: true };

    private static bool HasSigned(SigningKey key, CompactToken compact)
    {
        using CallSpan span = VerifierTelemetry.Start("spid.signature", ActivityKind.Internal);
        bool isGood = key.HasSigned(compact.Text, compact.Header.Algorithm);
        span.SetOutcome(isGood ? "good" : "bad");
        return isGood;
    }

    private static Finding FindBySignature(CompactToken compact, SigningKey key)
    {
        // Final, and never a reason to fetch keys or to ask SPiD: forged signatures must not cause calls.
        if (!HasSigned(key, compact))
        {
            return Finding.RefusedForGood(SpidVerificationReason.BadSignature);
        }

        if (compact.ReadPayload() is not { } payload || ClaimsReader.Read(payload, out _) is not { } claims)
        {
            return Finding.RefusedForGood(SpidVerificationReason.MalformedClaims);
        }

        return claims.ExpiresAt is null
            ? Finding.RefusedForGood(SpidVerificationReason.NoExpiry)
            : Finding.Of(new TokenFacts(claims, SpidTokenSource.LocalSignature, TimeSpan.Zero) { Key = key });
    }

    private async Task<Finding> FindLocallyAsync(TokenSearch search, CompactToken compact, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        KeyLookup lookup = await keys.FindAsync(compact.Header.KeyId!, cancellationToken).ConfigureAwait(false);
        return lookup.Outcome switch
        {
            KeyOutcome.Found => await FindByKeyAsync(search, compact, lookup.Key!, timeIsUp, cancellationToken).ConfigureAwait(false),
            KeyOutcome.Absent => Finding.Refused(SpidVerificationReason.UnknownKey),
            KeyOutcome.NoKeySet when CanDecideWithoutKeys => await remote.FindAsync(search, timeIsUp, cancellationToken).ConfigureAwait(false),
            _ => Finding.Unavailable(SpidVerificationReason.NoKeys, lookup.RetryAfter),
        };
    }

    private async Task<Finding> FindByKeyAsync(
        TokenSearch search, CompactToken compact, SigningKey key, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        Finding finding = FindBySignature(compact, key);
        if (finding.Facts is null || settings.ConfirmRemotely is null)
        {
            return finding;
        }

        Finding confirmed = await remote.ConfirmAsync(search, finding, timeIsUp, cancellationToken).ConfigureAwait(false);
        return keys.IsCurrent(key) ? confirmed : Withdrawn();
    }

    /// <summary>The key was withdrawn while SPiD was asked, or the set became too old. No answer makes up for that, nor does that there is none.</summary>
    private Finding Withdrawn() => keys.Age is null
        ? Finding.Unavailable(SpidVerificationReason.NoKeys, null)
        : Finding.Refused(SpidVerificationReason.UnknownKey);
}
