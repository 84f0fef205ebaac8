using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Verification;

/// <summary>Decides what of a finding is worth remembering, and whether what is remembered still stands.</summary>
internal sealed class TokenMemory(FactsCache cache, KeySet keys, Judgement judgement, TimeProvider timeProvider)
{
    /// <summary>What a key has vouched for is forgotten as soon as that key is no longer published.</summary>
    public CachedFacts? Find(in TokenHash hash)
    {
        CachedFacts? cached = cache.Find(hash);
        if (cached?.Facts.Key is { } key && !keys.IsCurrent(key))
        {
            cache.Remove(hash);
            return null;
        }

        return cached;
    }

    /// <summary>Gives what a search would find, if that is remembered.</summary>
    public Finding? Recall(in TokenHash hash)
    {
        long now = cache.Now;
        if (Find(hash) is { } cached && now < cached.FreshUntil)
        {
            return Finding.Of(cached.Facts);
        }

        return cache.FindRefusal(hash, now)?.ToFinding(now);
    }

    public void Remember(in TokenHash hash, Finding finding)
    {
        if (finding.IsUnavailable)
        {
            if (finding.IsFinal)
            {
                cache.StoreUnavailable(hash, finding.Reason, finding.RememberedFor);
            }

            return;
        }

        SpidVerificationReason reason = finding.Facts is null ? finding.Reason : judgement.FindFault(finding.Facts, timeProvider.GetUtcNow());
        // What is not valid yet will be: that is judged again for each request.
        if (finding.Facts is not null && reason is (SpidVerificationReason.None or SpidVerificationReason.NotYetValid))
        {
            cache.Store(hash, finding.Facts);
        }
        else if (finding.IsFinal || reason is SpidVerificationReason.Expired or SpidVerificationReason.NotAnAccessToken)
        {
            cache.StoreRefusal(hash, reason);
        }
    }
}
