using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>Options that change, and verifiers that go, while requests are under way.</summary>
[CancelAfter(60_000)]
internal sealed class ReloadingVerifierTests
{
    [Test]
    public async Task VerifyAsync_OptionsChangeUnderLoad_NoRequestNotices(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        Action follow = () => { };
        using var verifier = new ReloadingVerifier(
            "rig", () => options, (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous), callback => Subscribe(callback, out follow), rig.Parts);
        string[] tokens = [.. Enumerable.Range(0, 50).Select(_ => rig.Sign())];
        int done = 0;

        Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Run(
            async () =>
            {
                for (int request = 0; request < 2_000; request++)
                {
                    SpidVerificationResult result = await verifier.VerifyAsync(tokens[(request + caller) % tokens.Length].AsMemory(), cancellationToken);
                    Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
                    Interlocked.Increment(ref done);
                }
            },
            cancellationToken))];
        for (int change = 1; change <= 20; change++)
        {
            await Wait.UntilAsync(() => Volatile.Read(ref done) > change * 300 || callers.All(caller => caller.IsCompleted), cancellationToken);
            SpidVerifierOptions changed = VerifierRig.CreateOptions();
            changed.ClockSkew = TimeSpan.FromSeconds(change);
            options = changed;
            follow();
        }

        await Task.WhenAll(callers);
        Assert.That(done, Is.EqualTo(8_000));
        Assert.That(verifier.Current.Settings.ClockSkew, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Dispose_CallUnderWay_CallerIsToldAndDisposingAgainIsHarmless(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.Spid.Keys = StubSpid.NeverAsync;
        var verifier = new ReloadingVerifier(
            "rig", VerifierRig.CreateOptions, (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous), callback => Subscribe(callback, out _), rig.Parts);
        Task<SpidVerificationResult> verification = verifier.VerifyAsync(rig.Sign().AsMemory(), cancellationToken).AsTask();
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);

        verifier.Dispose();
        verifier.Dispose();

        // Either the call ended first, or the verifier did; nobody waits for ever.
        try
        {
            Assert.That((await verification).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
        }
        catch (ObjectDisposedException)
        {
        }
    }

    [Test]
    public void Follow_OptionsThatSayTheSame_VerifierStays()
    {
        using var rig = new VerifierRig();
        Action follow = () => { };
        using var verifier = new ReloadingVerifier(
            "rig", VerifierRig.CreateOptions, (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous), callback => Subscribe(callback, out follow), rig.Parts);
        SpidTokenVerifier before = verifier.Current;

        follow();

        Assert.That(verifier.Current, Is.SameAs(before));
    }

    [TestCaseSource(nameof(ListChanges))]
    public void Follow_OneListChanges_VerifierIsReplaced(Action<SpidVerifierOptions> change)
    {
        using var rig = new VerifierRig();
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        Action follow = () => { };
        using var verifier = new ReloadingVerifier(
            "rig", () => options, (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous), callback => Subscribe(callback, out follow), rig.Parts);
        SpidTokenVerifier before = verifier.Current;

        options = VerifierRig.CreateOptions();
        change(options);
        follow();

        Assert.That(verifier.Current, Is.Not.SameAs(before));
    }

    [Test]
    public void Constructor_OptionsChangeBeforeTheSubscription_TakesThem()
    {
        using var rig = new VerifierRig();
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        using var verifier = new ReloadingVerifier(
            "rig",
            () => options,
            (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous),
            _ =>
            {
                options = VerifierRig.CreateOptions();
                options.ClockSkew = TimeSpan.FromSeconds(7);
                return null;
            },
            rig.Parts);

        Assert.That(verifier.Current.Settings.ClockSkew, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Create_DistributedAndNoStoreFromTheContainer_SaysWhatToRegister()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IDistributedCache>(static _ => null!);
        services.AddSpidTokenVerifier(options =>
        {
            SpidVerifierOptions good = VerifierRig.CreateOptions();
            (options.Environment, options.ClientId, options.ClientSecret, options.Cache.Distributed) = (good.Environment, good.ClientId, good.ClientSecret, true);
            options.Audiences.Add(Forge.Audience);
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<ISpidTokenVerifier>(), Throws.InvalidOperationException.With.Message.StartsWith("Cache.Distributed of the default SPiD verifier needs an IDistributedCache"));
    }

    [Test]
    public void Reload_DistributedWithoutAStore_LogsWhatToRegisterAndTheVerifierStays()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Environment"] = "PreProduction",
            ["ClientId"] = Forge.ClientId,
            ["ClientSecret"] = VerifierRig.ClientSecret,
            ["Audiences:0"] = Forge.Audience,
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddFakeLogging()).AddSpidTokenVerifier("api", configuration);
        using ServiceProvider provider = services.BuildServiceProvider();
        ReloadingVerifier verifier = provider.GetRequiredKeyedService<ReloadingVerifier>("api");
        SpidTokenVerifier before = verifier.Current;

        configuration["Cache:Distributed"] = "true";

        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(provider.GetFakeLogCollector().LatestRecord, Has.Property("Level").EqualTo(LogLevel.Error).And.Property("Message").Contain("IDistributedCache"));
        Assert.That(verifier.Current, Is.SameAs(before));
    }

    private static IEnumerable<TestCaseData> ListChanges()
    {
        yield return Change("Audiences", options => options.Audiences.Add("https://other.example"));
        yield return Change("Issuers", options => options.Issuers.Add("https://other.example"));
        yield return Change("AllowedClients", options => options.AllowedClients.Add("other"));
        yield return Change("Algorithms", options => options.Algorithms.Add("RS384"));

        static TestCaseData Change(string list, Action<SpidVerifierOptions> change) => new TestCaseData(change).SetArgDisplayNames(list);
    }

    private static IDisposable? Subscribe(Action callback, out Action follow)
    {
        follow = callback;
        return null;
    }
}
