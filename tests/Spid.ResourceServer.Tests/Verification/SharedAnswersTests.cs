using System.Text;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Introspection answers that processes share.</summary>
[CancelAfter(60_000)]
internal sealed partial class SharedAnswersTests
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

    [Test]
    public async Task VerifyAsync_NothingMayBeRemembered_NothingIsShared(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(options => (options.Cache.MaximumAge, options.ClockSkew) = (TimeSpan.Zero, TimeSpan.Zero));
        string token = rig.Sign();
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
        await rig.Verifier.EvictAsync(token.AsMemory(), cancellationToken);

        Assert.That(_store.Uses, Is.Zero);
    }

    [Test(Description = "Edge case 88: every bit flipped")]
    public async Task VerifyAsync_OneBitOfAnEntryFlipped_IsAMiss(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);
        (string name, byte[] good) = _store.Entries.Single();
        using VerifierRig rig = Create(options => options.Cache.NegativeMaximumAge = TimeSpan.Zero);

        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] value = [.. good];
            value[bit / 8] ^= (byte)(1 << (bit % 8));
            _store.Entries[name] = value;
            if (await rig.ReasonAsync(token, cancellationToken) != NotActive)
            {
                Assert.Fail($"Bit {bit} is not protected.");
            }
        }

        Assert.That(rig.Spid.Introspections, Is.EqualTo(good.Length * 8));
        _store.Entries[name] = good;
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None), "nothing else was wrong with it");
    }

    [Test(Description = "Edge case 88: cut, lengthened, moved")]
    public async Task VerifyAsync_EntryOfAnotherLengthOrPlace_IsAMiss(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        string other = first.Sign();
        await AskAsync(first, token);
        (string name, byte[] good) = _store.Entries.Single();
        await AskAsync(first, other);
        string otherName = _store.Entries.Keys.Single(key => key != name);
        using VerifierRig rig = Create(options => options.Cache.NegativeMaximumAge = TimeSpan.Zero);

        foreach (byte[] value in Enumerable.Range(0, good.Length).Select(length => good[..length]).Append([.. good, 0]))
        {
            _store.Entries[name] = value;
            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive), $"{value.Length} bytes");
        }

        _store.Entries[otherName] = good;
        Assert.That(await rig.ReasonAsync(other, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_AnotherSecretOrScheme_IsAMiss(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);

        using VerifierRig otherSecret = Create(options => options.ClientSecret = "another");
        using VerifierRig otherAuthority = Create(options =>
        {
            options.Environment = Spid.Client.SpidEnvironment.Norway;
            options.Issuers.Add(Forge.Issuer);
        });

        Assert.That(await otherSecret.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        Assert.That(await otherAuthority.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_AnotherEndpoint_IsAMiss(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);

        using VerifierRig otherIntrospection = Create(options => options.IntrospectionEndpoint = new Uri("https://x.example.com/introspect"));
        using VerifierRig otherLookUp = Create(options => options.LookUpEndpoint = new Uri("https://x.example.com/lookup"));
        using VerifierRig otherKeys = Create(options => options.JwksEndpoint = new Uri("https://x.example.com/keys"));

        Assert.That(await otherIntrospection.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        Assert.That(await otherLookUp.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        Assert.That(await otherKeys.ReasonAsync(token, cancellationToken), Is.EqualTo(None), "the answer is not from there");
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

    [Test]
    public async Task VerifyAsync_AnswerOfAnotherProcess_SourceIsCached(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await AskAsync(first, token);

        SpidVerificationResult found = await second.VerifyAsync(token, cancellationToken);
        SpidVerificationResult remembered = await second.VerifyAsync(token, cancellationToken);

        Assert.That((found.Token.Source, remembered.Token.Source), Is.EqualTo((SpidTokenSource.Cached, SpidTokenSource.Cached)));
    }

    [TestCase(20, 19, None)]
    [TestCase(20, 20, NotActive, Description = "RFC 7662 section 4, though the clock skew would let it in")]
    [TestCase(null, 29, None)]
    [TestCase(null, 30, NotActive, Description = "no expiry told, no longer than the process that asked")]
    public async Task VerifyAsync_SharedAnswer_ServesNoLongerThanWhereItIsFrom(int? expiresIn, int age, SpidVerificationReason expected)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await AskAsync(first, token, answer => answer["exp"] = expiresIn is { } seconds ? first.Now.ToUnixTimeSeconds() + seconds : null);

        second.Time.Advance(TimeSpan.FromSeconds(age));

        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(expected));
    }

    [Test]
    public async Task VerifyAsync_SpidTellsTheTime_SharedAnswerExpiresByThatClock(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await AskAsync(first, token, answer => (answer["now"], answer["iat"], answer["exp"]) = (first.Now.ToUnixTimeSeconds() - 3600, null, first.Now.ToUnixTimeSeconds() - 3580));
        Assert.That(await second.ReasonAsync(token, cancellationToken), Is.EqualTo(None));

        using VerifierRig third = Create();
        third.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(await third.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [TestCase(30, None)]
    [TestCase(31, NotActive)]
    public async Task VerifyAsync_AnswerFromTheFuture_IsAMissBeyondTheClockSkew(int ahead, SpidVerificationReason expected)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = second.Sign();
        first.Time.WallClockError = TimeSpan.FromSeconds(ahead);
        await AskAsync(first, token, answer => answer["iat"] = null);

        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(expected));
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
    public async Task VerifyAsync_StoreHangs_SpidIsAskedAfterAMoment([Values] bool holdsItsThread, CancellationToken cancellationToken)
    {
        using var blocks = new ManualResetEventSlim();
        using VerifierRig rig = Create();
        _store.Hangs = true;
        _store.Blocks = holdsItsThread ? blocks : null;
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

        Assert.That(verification.IsCompleted);
        Assert.That(await verification, Is.EqualTo(None));
        blocks.Set();
    }

    private async Task AskAsync(VerifierRig rig, string token, Action<JsonObject>? edit = null)
    {
        int before = _store.Entries.Count;
        rig.AnswerActive(edit);
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
