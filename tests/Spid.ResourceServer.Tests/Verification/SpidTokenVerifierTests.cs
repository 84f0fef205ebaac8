using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>The ways a token takes: by its signature, by introspection, or nowhere.</summary>
[CancelAfter(60_000)]
internal sealed class SpidTokenVerifierTests
{
    [Test(Description = "V34")]
    public async Task VerifyAsync_SignedTokens_OneKeyFetchAndNoIntrospection(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();

        SpidVerificationResult first = await rig.VerifyAsync(rig.Sign(), cancellationToken);
        SpidVerificationResult second = await rig.VerifyAsync(rig.Sign(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Status, Is.EqualTo(SpidVerificationStatus.Accepted));
            Assert.That(first.Token.Source, Is.EqualTo(SpidTokenSource.LocalSignature));
            Assert.That(first.Token.Scopes, Is.EquivalentTo(new[] { "read:messages", "write:messages" }));
            Assert.That(first.Token.ClientId, Is.EqualTo(Forge.ClientId));
            Assert.That(second.Status, Is.EqualTo(SpidVerificationStatus.Accepted));
            Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((1, 0)));
        }
    }

    [Test(Description = "Edge case 21")]
    public async Task VerifyAsync_RemoteMode_AsksOnceAndRemembers(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string token = rig.Sign();

        SpidVerificationResult first = await rig.VerifyAsync(token, cancellationToken);
        SpidVerificationResult second = await rig.VerifyAsync(token, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Token.Source, second.Token.Source), Is.EqualTo((SpidTokenSource.Introspected, SpidTokenSource.Cached)));
            Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((0, 1)));
        }
    }

    [Test(Description = "Edge case 101: the verifier's part")]
    public async Task VerifyAsync_RememberedToken_AllocatesNothing(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        ReadOnlyMemory<char> token = rig.Sign().AsMemory();
        await rig.Verifier.VerifyAsync(token, cancellationToken);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int request = 0; request < 1_000; request++)
        {
            ValueTask<SpidVerificationResult> verification = rig.Verifier.VerifyAsync(token, CancellationToken.None);
            if (!verification.IsCompletedSuccessfully || !verification.Result.IsAccepted)
            {
                Assert.Fail("The token is not remembered.");
            }
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    [Test]
    public async Task Token_NotAccepted_ThrowsAndSaysWhatToLookAt(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();

        SpidVerificationResult result = await rig.VerifyAsync("opaque", cancellationToken);

        Assert.That(() => result.Token, Throws.InvalidOperationException.With.Message.Contains("Rejected, OpaqueToken"));
    }

    [TestCase(new[] { "read:messages" }, SpidVerificationReason.None)]
    [TestCase(new[] { "write:messages", "read:messages" }, SpidVerificationReason.None)]
    [TestCase(new[] { "read:messages", "delete:messages" }, SpidVerificationReason.MissingScope)]
    [TestCase(new[] { "READ:messages" }, SpidVerificationReason.MissingScope)]
    public async Task VerifyAsync_RequiredScopes_AllMustBeThere(string[] scopes, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), scopes, CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(expected));
    }

    [TestCase("abcdef", Description = "Edge case 13: no dot")]
    [TestCase("abc.def", Description = "Edge case 13")]
    [TestCase("a.b.c.d", Description = "Edge case 14")]
    [TestCase("eyJhbGciOiJSUzI1NiJ9..c2ln", Description = "Edge case 16")]
    [TestCase("bm90IGpzb24.e30.c2ln", Description = "Edge case 17")]
    [TestCase("W10.e30.c2ln", Description = "Edge case 18")]
    [TestCase("eyJhbGciOiJub25lIiwiYWxnIjoiUlMyNTYifQ.e30.c2ln", Description = "Edge case 19")]
    public async Task VerifyAsync_NoJwt_IsRefusedWithoutACallInEveryMode(string token)
    {
        foreach (SpidVerificationMode mode in Enum.GetValues<SpidVerificationMode>())
        {
            using var rig = new VerifierRig(options => options.Mode = mode);

            SpidVerificationResult result = await rig.VerifyAsync(token, CancellationToken.None);

            Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Rejected, SpidVerificationReason.OpaqueToken)), mode.ToString());
            Assert.That(rig.Spid.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task VerifyAsync_OpaqueTokenWithOptIn_IsIntrospected(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => options.IntrospectOpaqueTokens = true);
        rig.AnswerActive();

        SpidVerificationResult result = await rig.VerifyAsync("0123456789abcdef0123456789abcdef01234567", cancellationToken);

        Assert.That(result.Status, Is.EqualTo(SpidVerificationStatus.Accepted));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    [TestCase(SpidVerificationMode.Auto, true)]
    [TestCase(SpidVerificationMode.Remote, true)]
    [TestCase(SpidVerificationMode.Auto, false)]
    [TestCase(SpidVerificationMode.Remote, false)]
    [Description("Edge case 15, B17: an encrypted token is introspected where opaque ones are")]
    public async Task VerifyAsync_FivePartToken_IsIntrospectedWhereOpaqueOnesAre(SpidVerificationMode mode, bool areOpaqueOnesAsked)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.IntrospectOpaqueTokens) = (mode, areOpaqueOnesAsked));
        rig.AnswerActive();

        SpidVerificationReason reason = await rig.ReasonAsync($"{Forge.Encode("""{"alg":"dir","enc":"A256GCM","zip":"DEF"}""")}..aXY.Y2lwaGVy.dGFn", CancellationToken.None);

        Assert.That(reason, Is.EqualTo(areOpaqueOnesAsked ? SpidVerificationReason.None : SpidVerificationReason.UnsupportedHeader));
        Assert.That(rig.Spid.Requests, Has.Length.EqualTo(areOpaqueOnesAsked ? 1 : 0));
    }

    [TestCase("{\"active\":false}", SpidVerificationReason.NotActive)]
    [TestCase("{\"active\":true,\"token_type\":\"refresh_token\",\"client_id\":\"c\"}", SpidVerificationReason.NotAnAccessToken)]
    [TestCase("{\"active\":true,\"client_id\":\"c\",\"exp\":1}", SpidVerificationReason.Expired)]
    [Description("B17: what SPiD says of an encrypted token counts as for any other")]
    public async Task VerifyAsync_FivePartTokenThatSpidDoesNotVouchFor_IsRefused(string answer, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(options => options.IntrospectOpaqueTokens = true);
        rig.Spid.AnswerIntrospection(answer);

        Assert.That(await rig.ReasonAsync("a.b.c.d.e", CancellationToken.None), Is.EqualTo(expected));
    }

    [Test(Description = "B17: a look-up has the token in its path, where dots have a meaning")]
    public async Task VerifyAsync_FivePartTokenWhereOpaqueOnesAreLookedUp_IsRefusedWithoutACall(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options =>
        {
            options.Audiences.Clear();
            (options.AudienceCheck, options.LookUpOpaqueTokens) = (SpidAudienceCheck.None, true);
        });

        Assert.That(await rig.ReasonAsync("a.b.c.d.e", cancellationToken), Is.EqualTo(SpidVerificationReason.UnsupportedHeader));
        Assert.That(rig.Spid.Requests, Is.Empty);
    }

    [Test(Description = "Edge case 9")]
    public async Task VerifyAsync_TooLongByOneCharacter_IsMalformed(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();

        Assert.That(await rig.ReasonAsync(new string('a', 16_384), cancellationToken), Is.EqualTo(SpidVerificationReason.OpaqueToken));
        Assert.That(await rig.ReasonAsync(new string('a', 16_385), cancellationToken), Is.EqualTo(SpidVerificationReason.MalformedToken));
    }

    [Test(Description = "V36: HS256 user token, SPiD asked only where that is wanted")]
    public async Task VerifyAsync_SymmetricToken_IsIntrospectedOnlyWhenUserTokensAreAccepted(CancellationToken cancellationToken)
    {
        foreach ((bool accepts, SpidVerificationReason expected, int calls) in new[] { (false, SpidVerificationReason.NotVerifiableLocally, 0), (true, SpidVerificationReason.None, 1) })
        {
            using var rig = new VerifierRig(options => options.AcceptUserTokens = accepts);
            rig.AnswerActive();
            string token = rig.Sign(editHeader: header =>
            {
                header["alg"] = "HS256";
                header["typ"] = "JWS";
                header.Remove("kid");
            });

            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(expected));
            Assert.That(rig.Spid.Introspections, Is.EqualTo(calls));
        }
    }

    [Test(Description = "Edge case 63: no key id, whether there is one key or two")]
    public async Task VerifyAsync_NoKeyId_NoKeyIsTried(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var other = new Forge();
        string token = rig.Sign(editHeader: header => header.Remove("kid"));

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.NotVerifiableLocally));
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), other.Key()));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.NotVerifiableLocally));
    }

    [Test(Description = "Edge case 68: bad signature with a known key is final")]
    public async Task VerifyAsync_BadSignature_NoFetchAndNoIntrospection(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var forger = new Forge { KeyId = rig.Forge.KeyId };
        await rig.VerifyAsync(rig.Sign(), cancellationToken);

        for (int attempt = 0; attempt < 20; attempt++)
        {
            Assert.That(await rig.ReasonAsync(forger.Sign(rig.Now), cancellationToken), Is.EqualTo(SpidVerificationReason.BadSignature));
        }

        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task VerifyAsync_ConfirmRemotely_RevokedTokenIsRefusedThoughItsSignatureIsGood(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => options.ConfirmRemotely = TimeSpan.FromSeconds(10));
        rig.AnswerActive();
        string token = rig.Sign();
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.None));

        rig.Spid.AnswerIntrospection("""{"active":false}""");
        rig.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.None));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.NotActive));
    }

    [Test]
    public async Task VerifyAsync_ConfirmRemotelyAndSpidDown_IsUnavailable(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => options.ConfirmRemotely = TimeSpan.FromSeconds(10));
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(System.Net.HttpStatusCode.InternalServerError));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(SpidVerificationReason.IntrospectionFailed));
    }

    [Test]
    public async Task VerifyAsync_Disposed_SaysSo()
    {
        var rig = new VerifierRig();
        string token = rig.Sign();
        rig.Dispose();

        await Assert.ThatAsync(async () => await rig.VerifyAsync(token, CancellationToken.None), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task VerifyAsync_KeysUnreachable_IntrospectionDecides(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(System.Net.HttpStatusCode.ServiceUnavailable));
        rig.AnswerActive();

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), cancellationToken);

        Assert.That(result.Token.Source, Is.EqualTo(SpidTokenSource.Introspected));
    }

    [Test(Description = "V39 cold, local only")]
    public async Task VerifyAsync_KeysUnreachableAndNoCredentials_IsUnavailable(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(System.Net.HttpStatusCode.InternalServerError));

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), cancellationToken);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, SpidVerificationReason.NoKeys)));
        Assert.That(result.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
    }
}
