using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Introspection;

namespace Spid.ResourceServer.Verification;

/// <summary>Finds out about a token by what SPiD says of it, to this process or lately to another. What a JWT says of itself counts against it only.</summary>
internal sealed class RemoteFinder(IntrospectionClient introspection, SharedAnswers? shared, TimeProvider timeProvider)
{
    /// <summary>Finds at once that SPiD cannot be asked for now. Where answers are shared, another process may know one all the same.</summary>
    public Finding? FindObstacle(TokenSearch search) => shared is null && introspection.FindObstacle(toLookUp: search.Route == Route.LookUp) is { } obstacle
        ? UnavailableAfter(obstacle)
        : null;

    public async Task<Finding> FindAsync(TokenSearch search, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        if (ReadOwnClaims(search.Compact) is not { } own)
        {
            return Finding.RefusedForGood(SpidVerificationReason.MalformedClaims);
        }

        return shared is not null && !search.IsRefresh && await shared.FindAsync(search.Token).ConfigureAwait(false) is { } known
            ? FindingOf(known, own)
            : await AskForFactsAsync(search, own, timeIsUp, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets stand what was found by other means if SPiD calls the token active.</summary>
    public async Task<Finding> ConfirmAsync(TokenSearch search, Finding finding, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        IntrospectionOutcome outcome = await AskAsync(search, timeIsUp, cancellationToken).ConfigureAwait(false);
        return outcome.Answer switch
        {
            null => UnavailableAfter(outcome),
            { IsActive: true } => finding,
            _ => Finding.RefusedForGood(SpidVerificationReason.NotActive),
        };
    }

    private static OwnClaims? ReadOwnClaims(CompactToken? compact) => compact is null ? OwnClaims.OfOpaqueToken : compact.ReadOwnClaims();

    private static Finding UnavailableAfter(IntrospectionOutcome outcome) => outcome.ConcernsToken
        ? Finding.UnavailableForToken(outcome.Reason, outcome.RetryAfter)
        : Finding.Unavailable(outcome.Reason, outcome.RetryAfter);

    /// <summary>SPiD's answer need not repeat the expiry, but a JWT that has none at all is not accepted.</summary>
    private static Finding FindingOf(TokenFacts facts, OwnClaims own) => facts.Claims.ExpiresAt is null && !own.HasExpiry
        ? Finding.RefusedForGood(SpidVerificationReason.NoExpiry)
        : Finding.Of(facts.With(own));

    private async Task<Finding> AskForFactsAsync(TokenSearch search, OwnClaims own, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        DateTimeOffset askedAt = timeProvider.GetUtcNow();
        IntrospectionOutcome outcome = await AskAsync(search, timeIsUp, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } answer)
        {
            return UnavailableAfter(outcome);
        }

        if (answer.Claims is not { } claims)
        {
            return Finding.RefusedForGood(SpidVerificationReason.NotActive);
        }

        var facts = new TokenFacts(claims, SpidTokenSource.Introspected, answer.ClockOffsetAt(timeProvider.GetUtcNow()));
        if (shared is not null)
        {
            // Not awaited; it handles its own failures.
            _ = shared.StoreAsync(search.Token, answer, facts, askedAt);
        }

        return FindingOf(facts, own);
    }

    private async Task<IntrospectionOutcome> AskAsync(TokenSearch search, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        IntrospectionOutcome outcome = search.Route == Route.LookUp
            ? await introspection.TryLookUpAsync(search.Token, timeIsUp, cancellationToken).ConfigureAwait(false)
            : await introspection.TryIntrospectAsync(search.Token, timeIsUp, cancellationToken).ConfigureAwait(false);
        if (shared is not null && search.IsRefresh && outcome.Answer is { IsActive: false })
        {
            // Only for tokens that were active once: others are not shared, and there is no bound on how many are made up.
            await shared.RemoveAsync(search.Token).ConfigureAwait(false);
        }

        return outcome;
    }
}
