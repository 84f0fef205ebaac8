using Microsoft.AspNetCore.Builder;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>S1 as callers see it: each hostile token is a 401 with <c>invalid_token</c>, and causes no call.</summary>
internal sealed class HostileTokenStatusTests
{
    [TestCase(SpidVerificationMode.Auto, Description = "S1")]
    [TestCase(SpidVerificationMode.Local, Description = "S1")]
    public async Task Request_HostileToken_Is401InvalidTokenOr503ForAnUnknownKeyWithoutACall(SpidVerificationMode mode)
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(options => options.Mode = mode);
        using var maker = new VerifierRig(forge: rig.Forge);
        Assert.That(await rig.GetAsync(rig.Sign()), Is.EqualTo(Answer.LetIn));

        // Spaces between the scheme and the token are no part of the token.
        (string Name, string Token)[] hostile = [.. HostileTokens.Create(maker).Where(entry => !entry.Token.StartsWith(' '))];

        Assert.That(hostile, Has.Length.GreaterThanOrEqualTo(150));
        foreach ((string name, string token) in hostile)
        {
            int before = rig.Spid.KeyFetches;
            Answer answer = await rig.GetAsync(token);
            if (answer.Status == 503 && name.StartsWith("kid ", StringComparison.Ordinal))
            {
                // The two fetches are used up, and without one the key may be published.
                Assert.That((rig.Spid.KeyFetches, answer.CacheControl, answer.RetryAfter), Is.EqualTo((3, "no-store", "30")), $"{name}: {answer}");
                continue;
            }

            Assert.That((answer.Status, answer.CacheControl, answer.RetryAfter), Is.EqualTo((401, "no-store", "")), $"{name}: {answer}");
            Assert.That(answer.Challenge, Does.StartWith("Bearer realm=\"SPiD\", error=\"invalid_token\", error_description=\""), name);
            Assert.That(rig.Spid.KeyFetches == before || name.StartsWith("kid ", StringComparison.Ordinal), Is.True, $"{name} caused a fetch of keys");
        }

        // The one of the first request, and the two at once that unknown key ids may cause.
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(3));
        Assert.That(rig.Spid.Introspections, Is.Zero);
        Assert.That(await rig.GetAsync(rig.Sign()), Is.EqualTo(Answer.LetIn));
    }

    [Test(Description = "S1, where SPiD is asked about every JWT")]
    public async Task Request_HostileTokenInRemoteMode_Is401InvalidTokenAndAskedOnceAtMost()
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(options => options.Mode = SpidVerificationMode.Remote);
        using var maker = new VerifierRig(forge: rig.Forge);
        rig.Spid.AnswerIntrospection("""{"active":false}""");
        (string Name, string Token)[] hostile = [.. HostileTokens.Create(maker).Where(entry => !entry.Token.StartsWith(' '))];

        foreach ((string name, string token) in hostile)
        {
            int before = rig.Spid.Introspections;
            Answer answer = await rig.GetAsync(token);
            Assert.That(answer.Status, Is.EqualTo(401), $"{name}: {answer}");
            Assert.That(answer.Challenge, Does.StartWith("Bearer realm=\"SPiD\", error=\"invalid_token\""), name);
            Assert.That(rig.Spid.Introspections - before, Is.InRange(0, 1), name);
        }

        Assert.That(rig.Spid.KeyFetches, Is.Zero);
    }

    [Test(Description = "S1, the legal side")]
    public async Task Request_LegalVariant_IsLetIn()
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(
            options => options.Audiences.Add(Forge.ClientId),
            app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireAuthorization();
            });
        using var maker = new VerifierRig(forge: rig.Forge);
        (string Name, string Token)[] legal = [.. HostileTokens.CreateLegal(maker)];

        Assert.That(legal, Has.Length.GreaterThanOrEqualTo(20));
        foreach ((string name, string token) in legal)
        {
            Assert.That(await rig.GetAsync(token), Is.EqualTo(Answer.LetIn), name);
        }
    }
}
