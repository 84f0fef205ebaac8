using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>Two verifiers of one application, which share nothing, whatever they share.</summary>
[CancelAfter(60_000)]
internal sealed class VerifierFactoryTests
{
    [TestCase(false)]
    [TestCase(true)]
    [Description("Edge case 79: what B is told of a token does not lock it out of A")]
    public async Task VerifyAsync_InactiveForTheOther_IsStillAccepted(bool isShared)
    {
        using var spid = new StubSpid();
        using Forge forge = Forge.CreateUsual();
        await using ServiceProvider services = Create(spid, isShared);
        ISpidTokenVerifier a = services.GetRequiredKeyedService<ISpidTokenVerifier>("A");
        ISpidTokenVerifier b = services.GetRequiredKeyedService<ISpidTokenVerifier>("B");
        DateTimeOffset now = new SteppingTime().GetUtcNow();
        ReadOnlyMemory<char> first = forge.Sign(now).AsMemory();
        ReadOnlyMemory<char> second = forge.Sign(now).AsMemory();

        Answer(spid, isActive: false);
        Assert.That((await b.VerifyAsync(first, CancellationToken.None)).Reason, Is.EqualTo(NotActive));
        Answer(spid, isActive: true);
        Assert.That((await a.VerifyAsync(first, CancellationToken.None)).Reason, Is.EqualTo(None), "B was told no before");

        Assert.That((await a.VerifyAsync(second, CancellationToken.None)).Reason, Is.EqualTo(None));
        Answer(spid, isActive: false);
        Assert.That((await b.VerifyAsync(second, CancellationToken.None)).Reason, Is.EqualTo(NotActive), "B does not hear what A was told");
        Assert.That((await a.VerifyAsync(second, CancellationToken.None)).Token.Source, Is.EqualTo(SpidTokenSource.Cached), "B was told no after");
        Assert.That((await b.VerifyAsync(first, CancellationToken.None)).Reason, Is.EqualTo(NotActive), "B keeps its own answer");
        Assert.That(spid.Introspections, Is.EqualTo(4));
    }

    private static void Answer(StubSpid spid, bool isActive)
    {
        var answer = Forge.Claims(new SteppingTime().GetUtcNow());
        answer["active"] = isActive;
        spid.AnswerIntrospection(answer.ToJsonString());
    }

    private static ServiceProvider Create(StubSpid spid, bool isShared)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(new SteppingTime()).AddSingleton<IDistributedCache>(new OpenStore());
        foreach (string name in new[] { "A", "B" })
        {
            services.AddSpidTokenVerifier(name, options =>
            {
                (options.Environment, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, Forge.ClientId, VerifierRig.ClientSecret);
                (options.Mode, options.Cache.Distributed) = (SpidVerificationMode.Remote, isShared);
                options.Audiences.Add(Forge.Audience);
            }).Backchannel.ConfigurePrimaryHttpMessageHandler(() => spid);
        }

        return services.BuildServiceProvider();
    }
}
