using System.Text;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Introspection answers that processes share.</summary>
[CancelAfter(30_000)]
internal sealed class SharedAnswersTests
{
    private readonly OpenStore _store = new();

    [Test]
    public async Task VerifyAsync_AnotherProcessHasAsked_NoCallAndNoLongerThanThere(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await AskAsync(first, token);
        first.Time.Advance(TimeSpan.FromSeconds(50));
        second.Time.Advance(TimeSpan.FromSeconds(50));

        SpidVerificationResult result = await second.VerifyAsync(token, cancellationToken);
        Assert.That((result.Reason, result.Token.ClientId, second.Spid.Introspections), Is.EqualTo((None, Forge.ClientId, 0)));
        Assert.That(await second.ReasonAsync(second.Sign(), cancellationToken), Is.EqualTo(NotActive), "of another token nothing is known");

        second.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await second.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive), "the minute began where SPiD was asked");
    }

    [Test(Description = "Edge case 88: every bit flipped, cut, moved")]
    public async Task VerifyAsync_EntryTamperedWith_IsAMiss(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);
        (string name, byte[] good) = _store.Entries.Single();
        byte[][] tampered =
        [
            .. Enumerable.Range(0, good.Length).Select(position => Flip(good, position)),
            .. Enumerable.Range(0, 60).Select(length => good[..length]),
            [.. good, 0],
            [],
        ];

        foreach (byte[] value in tampered)
        {
            using VerifierRig rig = Create();
            _store.Entries[name] = value;
            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        }

        // Moved to the name of another token.
        using VerifierRig another = Create();
        string other = another.Sign();
        await AskAsync(another, other);
        string otherName = _store.Entries.Keys.Single(key => key != name);
        _store.Entries[otherName] = good;
        using VerifierRig last = Create();
        Assert.That(await last.ReasonAsync(other, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_AnotherSecretOrScheme_IsAMiss(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);

        using VerifierRig otherSecret = Create(options => options.ClientSecret = "another");
        using VerifierRig otherAuthority = Create(options => options.Environment = Spid.Client.SpidEnvironment.Norway);

        Assert.That(await otherSecret.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        Assert.That(await otherAuthority.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test(Description = "Edge case 89: a shared store")]
    public async Task Store_Contents_HaveNeitherTokenNorClaims()
    {
        using VerifierRig rig = Create();
        string token = rig.Sign();
        await AskAsync(rig, token);

        (string name, byte[] value) = _store.Entries.Single();
        Assert.That(name, Does.StartWith("spid:introspection:").And.Not.Contain(token));
        Assert.That(Encoding.Latin1.GetString(value), Does.Not.Contain(Forge.ClientId).And.Not.Contain("read:messages"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_TokenOrClient_IsForgottenByOtherProcessesToo(bool byClient)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);

        if (byClient)
        {
            await first.Verifier.EvictClientAsync(Forge.ClientId);
        }
        else
        {
            await first.Verifier.EvictAsync(token.AsMemory());
        }

        using VerifierRig second = Create();
        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_StoreIsDown_SpidIsAskedAndTheStoreLeftAlone(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        _store.Fails = true;
        rig.AnswerActive();

        for (int request = 0; request < 10; request++)
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        }

        Assert.That(_store.Uses, Is.EqualTo(1));
    }

    [Test]
    public async Task VerifyAsync_StoreHangs_SpidIsAskedAfterAMoment(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        _store.Hangs = true;
        rig.AnswerActive();

        Task<SpidVerificationReason> verification = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => _store.Uses > 0, cancellationToken);
        for (int step = 0; step < 10 && !verification.IsCompleted; step++)
        {
            // Far from the three seconds that SPiD has, and with time for other threads to see it.
            rig.Time.Advance(TimeSpan.FromMilliseconds(200));
            for (int turn = 0; turn < 10_000 && !verification.IsCompleted; turn++)
            {
                await Task.Yield();
            }
        }

        Assert.That(await verification, Is.EqualTo(None));
    }

    private static byte[] Flip(byte[] value, int position)
    {
        byte[] flipped = [.. value];
        flipped[position] ^= (byte)(1 << (position % 8));
        return flipped;
    }

    private async Task AskAsync(VerifierRig rig, string token)
    {
        int before = _store.Entries.Count;
        rig.AnswerActive();
        Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
        await Wait.UntilAsync(() => _store.Entries.Count > before, CancellationToken.None);
    }

    private VerifierRig Create(Action<SpidVerifierOptions>? configure = null) => new(
        options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.Cache.Distributed = true;
            configure?.Invoke(options);
        },
        store: _store);
}
