using System.Diagnostics;
using System.Text.Json;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>Finds out about a token that nobody has asked about lately: by its signature, or by asking SPiD.</summary>
internal sealed class FactFinder(VerifierSettings settings, KeySet keys, IntrospectionClient introspection, SharedAnswers? shared, TimeProvider timeProvider)
{
    private readonly Router _router = new(settings);

    /// <summary>Looks at the form of a token, which costs no call and no signature; most of what strangers make up gets no further.</summary>
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

    /// <summary>Takes <see cref="VerifierSettings.Timeout"/> at most, whoever has to be asked.</summary>
    public async Task<Finding> FindAsync(TokenSearch search, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, timeProvider);
        return search.Route == Route.Local
            ? await FindLocallyAsync(search.Compact!, limit.Token, cancellationToken).ConfigureAwait(false)
            : await FindSharedOrRemotelyAsync(search, limit.Token, cancellationToken).ConfigureAwait(false);
    }

    private static bool HasSigned(SigningKey key, CompactToken compact)
    {
        using Activity? activity = VerifierTelemetry.Start("spid.signature", ActivityKind.Internal);
        bool isGood = key.HasSigned(compact.Text, compact.Header.Algorithm);
        activity?.SetTag(SpidVerificationDiagnostics.OutcomeTag, isGood ? "good" : "bad");
        return isGood;
    }

    private static Finding FindBySignature(CompactToken compact, SigningKey key)
    {
        // Final, and never a reason to fetch keys or to ask SPiD: whoever forges signatures must not cause calls.
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
            : Finding.Of(new TokenFacts(claims, key, TimeSpan.Zero));
    }

    /// <summary>SPiD's answer need not repeat the expiry, but a JWT that has none at all is not accepted.</summary>
    private static bool HasNoExpiry(CompactToken compact) =>
        compact.ReadPayload() is not { } payload || !payload.TryGetProperty("exp", out JsonElement expiry) || expiry.ValueKind != JsonValueKind.Number;

    private async Task<Finding> FindLocallyAsync(CompactToken compact, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        KeyLookup lookup = await FindKeyAsync(compact.Header.KeyId!, cancellationToken).ConfigureAwait(false);
        if (lookup.Key is null)
        {
            return lookup.Error is null
                ? Finding.Refused(SpidVerificationReason.UnknownKey)
                : await FindWithoutKeysAsync(compact, lookup.Error.RetryAfter, timeIsUp, cancellationToken).ConfigureAwait(false);
        }

        Finding finding = FindBySignature(compact, lookup.Key);
        return finding.Facts is not null && settings.ConfirmRemotely is not null
            ? await ConfirmAsync(compact, finding, timeIsUp, cancellationToken).ConfigureAwait(false)
            : finding;
    }

    private async Task<KeyLookup> FindKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(settings.PatienceForKeys, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await keys.FindAsync(keyId, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new KeyLookup(null, Failures.Unreachable(settings.JwksEndpoint, "it did not answer in time"));
        }
    }

    private async Task<Finding> FindWithoutKeysAsync(CompactToken compact, TimeSpan? retryAfter, CancellationToken timeIsUp, CancellationToken cancellationToken) =>
        settings is { Mode: SpidVerificationMode.Auto, CanIntrospect: true }
            ? await FindRemotelyAsync(compact.Text, compact, timeIsUp, cancellationToken).ConfigureAwait(false)
            : Finding.Unavailable(SpidVerificationReason.NoKeys, retryAfter);

    private async Task<Finding> ConfirmAsync(CompactToken compact, Finding finding, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        IntrospectionOutcome outcome = await introspection.TryIntrospectAsync(compact.Text, timeIsUp, cancellationToken).ConfigureAwait(false);
        return outcome.Answer switch
        {
            null => Finding.Unavailable(outcome.Reason, outcome.RetryAfter),
            { IsActive: true } => finding,
            _ => Finding.RefusedForGood(SpidVerificationReason.NotActive),
        };
    }

    private async Task<Finding> FindSharedOrRemotelyAsync(TokenSearch search, CancellationToken timeIsUp, CancellationToken cancellationToken) =>
        shared is not null && !search.IsRefresh && await shared.FindAsync(search.Token).ConfigureAwait(false) is { } facts
            ? Finding.Of(facts)
            : await FindRemotelyAsync(search.Token, search.Compact, timeIsUp, cancellationToken).ConfigureAwait(false);

    private async Task<Finding> FindRemotelyAsync(string token, CompactToken? compact, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        IntrospectionOutcome outcome = await introspection.TryIntrospectAsync(token, timeIsUp, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } answer)
        {
            return Finding.Unavailable(outcome.Reason, outcome.RetryAfter);
        }

        if (answer.Claims is not { } claims)
        {
            return Finding.RefusedForGood(SpidVerificationReason.NotActive);
        }

        if (claims.ExpiresAt is null && compact is not null && HasNoExpiry(compact))
        {
            return Finding.RefusedForGood(SpidVerificationReason.NoExpiry);
        }

        if (shared is not null)
        {
            // Nobody waits for it, and it fails by itself.
            _ = shared.StoreAsync(token, answer);
        }

        TimeSpan offset = answer.ServerTime is { } serverTime ? serverTime - timeProvider.GetUtcNow() : TimeSpan.Zero;
        return Finding.Of(new TokenFacts(claims, key: null, offset));
    }
}
