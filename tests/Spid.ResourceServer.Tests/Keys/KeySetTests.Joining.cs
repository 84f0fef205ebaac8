using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>Callers that come while a fetch is under way.</content>
internal sealed partial class KeySetTests
{
    [Test(Description = "Edge case 62, R14: many clients bring new tokens in the moment of a rotation")]
    public async Task VerifyAsync_TwentyTokensOfANewKeyAtOnce_AllAreAcceptedAfterOneFetch(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys(rig);

        Task<SpidVerificationResult>[] requests =
        [
            .. Enumerable.Range(0, 20).Select(number => rig.VerifyAsync(next.Sign(rig.Now, claims => claims["jti"] = $"token-{number}"), cancellationToken)),
        ];
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key(), next.Key())));
        SpidVerificationResult[] results = await Task.WhenAll(requests);

        Assert.That(results.Select(result => result.Reason), Is.All.EqualTo(None));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(2));
    }

    [Test(Description = "R14: a fetch that began before a key was published does not show that there is none")]
    public async Task FindAsync_KeyIsPublishedDuringAFetchOfTheOldSet_IsFoundByTheNextRequest(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys(rig);
        rig.Time.Advance(TimeSpan.FromMinutes(17));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);

        ValueTask<KeyLookup> first = rig.Verifier.Keys.FindAsync(next.KeyId, cancellationToken);
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));
        Assert.That((await first).Key, Is.Null);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));

        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
    }

    /// <summary>Lets key fetches wait for an answer.</summary>
    private static TaskCompletionSource<HttpResponseMessage> HoldKeys(VerifierRig rig)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Keys = _ => answer.Task;
        return answer;
    }
}
