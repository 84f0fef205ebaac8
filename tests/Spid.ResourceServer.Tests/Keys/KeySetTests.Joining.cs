using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>Callers that come while a fetch is under way.</content>
internal sealed partial class KeySetTests
{
    [Test(Description = "B6, edge case 62, R14: many clients bring new tokens in the moment of a rotation")]
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

    [Test(Description = "B7, R14: a fetch that began before a key was published does not show that there is none; the caller waits for a second one")]
    public async Task FindAsync_KeyIsPublishedDuringAFetchOfTheOldSet_IsFound(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys(rig);
        rig.Time.Advance(TimeSpan.FromMinutes(17));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);

        Task<KeyLookup>[] finders = [.. Enumerable.Range(0, 20).Select(_ => rig.Verifier.Keys.FindAsync(next.KeyId, cancellationToken).AsTask())];
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));

        Assert.That((await Task.WhenAll(finders)).Select(lookup => lookup.Key), Has.None.Null);
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(3));
    }

    [Test(Description = "B7: a made-up id starts a slow fetch and uses up the bucket; a key that is published meanwhile is not called unknown")]
    public async Task FindAsync_KeyIsPublishedDuringAFetchAndNoOtherIsAllowed_Waits(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await rig.Verifier.Keys.FindAsync("made-up-1", cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys(rig);
        Task<KeyLookup> madeUp = rig.Verifier.Keys.FindAsync("made-up-2", cancellationToken).AsTask();
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 3, cancellationToken);

        Task<KeyLookup> published = rig.Verifier.Keys.FindAsync(next.KeyId, cancellationToken).AsTask();
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));

        Assert.That(await madeUp, Is.EqualTo(KeyLookup.Absent));
        Assert.That(await published, Is.EqualTo(KeyLookup.Undecided(TimeSpan.FromSeconds(30))));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(3));
    }

    /// <summary>Lets key fetches wait for an answer.</summary>
    private static TaskCompletionSource<HttpResponseMessage> HoldKeys(VerifierRig rig)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Keys = _ => answer.Task;
        return answer;
    }
}
