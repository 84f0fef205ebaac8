using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <content>Tokens that are made up so that they reach the stores.</content>
internal sealed partial class FactsCacheTests
{
    private const long Allowance = 32 * 1024 * 1024;

    [Test(Description = "Edge case 85, S10: a million entries of either kind")]
    [NonParallelizable] // It weighs the heap.
    public void Store_AMillionOfEachKind_StoresAreBoundedAndTheHotOneStays()
    {
        using var rig = new VerifierRig();
        FactsCache cache = rig.Verifier.Cache;
        TokenClaims claims = ClaimsReader.Read(JsonSerializer.SerializeToElement(Forge.Claims(rig.Now)), out _)!;
        TokenHash hot = HashOf(-1);
        cache.Store(hot, FactsOf(claims));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        int lost = 0;
        for (int number = 0; number < 1_000_000; number++)
        {
            cache.Store(HashOf(number), FactsOf(claims));
            cache.StoreRefusal(HashOf(number + (1L << 40)), NotActive);
            lost += number % 1_000 == 0 && cache.Find(hot) is null ? 1 : 0;
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lost, Is.Zero);
            Assert.That((cache.FactsCount, cache.RefusalCount), Is.EqualTo((10_000, 2_000)));
            Assert.That(grown, Is.InRange(1, Allowance));
        }

        // Over after a minute, and swept within another.
        rig.Time.Advance(TimeSpan.FromMinutes(2));
        long left = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That((cache.FactsCount, cache.RefusalCount), Is.EqualTo((0, 0)));
        Assert.That(left, Is.LessThan(grown));
    }

    [Test(Description = "S10: what is over leaves memory within a minute, used or not")]
    public async Task Sweep_EntriesOfAllAges_AreGoneWithinAMinuteOfTheirEnd(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.RefreshAhead) = (SpidVerificationMode.Remote, false));
        rig.AnswerActive();
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        for (int number = 0; number < 100; number++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
        }

        rig.Spid.AnswerIntrospection("""{"active":false}""");
        for (int number = 0; number < 100; number++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
        }

        Assert.That((rig.Verifier.Cache.FactsCount, rig.Verifier.Cache.RefusalCount), Is.EqualTo((100, 100)));
        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.That((rig.Verifier.Cache.FactsCount, rig.Verifier.Cache.RefusalCount), Is.EqualTo((100, 0)), "refusals are good for ten seconds");
        rig.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That((rig.Verifier.Cache.FactsCount, rig.Verifier.Cache.RefusalCount), Is.EqualTo((0, 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    [Description("Edge case 85, S10: 50 000 JWTs that SPiD calls inactive, and as many with bad signatures")]
    [NonParallelizable] // It weighs the heap.
    public async Task VerifyAsync_MadeUpJwts_HotOneStaysAndTheStoresAreBounded(bool areIntrospected)
    {
        using var rig = new VerifierRig(options => options.Mode = areIntrospected ? SpidVerificationMode.Remote : SpidVerificationMode.Auto);
        rig.Logger.ControlLevel(LogLevel.Debug, enabled: false);
        rig.Spid.KeepsRequests = false;
        rig.AnswerActive();
        string hot = rig.Sign();
        await rig.VerifyAsync(hot, CancellationToken.None);
        rig.Spid.AnswerIntrospection("""{"active":false}""");
        int asked = rig.Spid.Introspections;
        string content = $"{Forge.Encode(rig.Forge.Header().ToJsonString())}.{Forge.Encode(Forge.Claims(rig.Now).ToJsonString())}";
        byte[] signature = new byte[256];
        long before = GC.GetTotalMemory(forceFullCollection: true);

        const int tokens = 50_000;
        for (int number = 0; number < tokens; number++)
        {
            BinaryPrimitives.WriteInt32BigEndian(signature.AsSpan(100), number);
            SpidVerificationReason reason = await rig.ReasonAsync($"{content}.{Base64Url.EncodeToString(signature)}", CancellationToken.None);
            if (reason != (areIntrospected ? NotActive : BadSignature))
            {
                Assert.Fail($"Token {number} is {reason}.");
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await rig.VerifyAsync(hot, CancellationToken.None)).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
            Assert.That((rig.Verifier.Cache.FactsCount, rig.Verifier.Cache.RefusalCount), Is.EqualTo((1, 2_000)));
            Assert.That(grown, Is.LessThan(Allowance));
            Assert.That(rig.Spid.Introspections - asked, Is.EqualTo(areIntrospected ? tokens : 0));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(rig.Verifier.Cache.RefusalCount, Is.Zero);
    }

    private static TokenHash HashOf(long number)
    {
        byte[] bytes = new byte[TokenHash.Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number * 0x9E3779B1);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long)), number);
        return new TokenHash(bytes);
    }

    private static TokenFacts FactsOf(TokenClaims claims) => new(claims, SpidTokenSource.Introspected, TimeSpan.Zero);
}
