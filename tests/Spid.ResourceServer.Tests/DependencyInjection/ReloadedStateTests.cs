using System.Net;
using Spid.Client;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>What was learned of SPiD, and what of it is still true when options have changed.</summary>
[CancelAfter(60_000)]
internal sealed partial class ReloadedStateTests : IDisposable
{
    private readonly VerifierRig _rig = new();
    private readonly ReloadingVerifier _verifier;
    private SpidVerifierOptions _options = VerifierRig.CreateOptions();
    private Action _follow = () => { };

    public ReloadedStateTests() => _verifier = new ReloadingVerifier(
        "rig", () => _options, (settings, previous) => new SpidTokenVerifier(settings, _rig.Parts, previous), Subscribe, _rig.Parts);

    private static IEnumerable<TestCaseData> ChangesThatLeaveKeysAsTheyAre()
    {
        yield return Change("Cache.MaximumAge", options => options.Cache.MaximumAge = TimeSpan.FromSeconds(7));
        yield return Change("ClockSkew", options => options.ClockSkew = TimeSpan.FromSeconds(7));
        yield return Change("Audiences", options => options.Audiences.Add("https://other.example.com"));
        yield return Change("Issuers", options => options.Issuers.Add(Forge.Issuer));
        yield return Change("AllowedClients", options => options.AllowedClients.Add(Forge.ClientId));
        yield return Change("ClientSecret", options => options.ClientSecret = "another");
        yield return Change("Introspection.Timeout", options => options.Introspection.Timeout = TimeSpan.FromSeconds(7));
        yield return Change("Keys.Timeout", options => options.Keys.Timeout = TimeSpan.FromSeconds(7));
        yield return Change("Keys.RefreshInterval", options => options.Keys.RefreshInterval = TimeSpan.FromMinutes(7));
        yield return Change("Keys.UnknownKeyInterval", options => options.Keys.UnknownKeyInterval = TimeSpan.FromSeconds(7));
        yield return Change("SendOidcHeader", options => options.SendOidcHeader = false);
        yield return Change("IntrospectionEndpoint", options => options.IntrospectionEndpoint = new Uri("https://identity-pre.schibsted.com/elsewhere"));
        yield return Change("Mode", options => (options.Mode, options.ClientId, options.ClientSecret) = (SpidVerificationMode.Local, null, null));
        yield return Change("Algorithms as they are by default", options => options.Algorithms.Add("RS256"));
        yield return Change("Authority as the environment has it", options => (options.Environment, options.Authority) = (null, new Uri("https://identity-pre.schibsted.com/")));
    }

    private static IEnumerable<TestCaseData> ChangesOfTheKeys()
    {
        yield return Change("Environment", options =>
        {
            options.Environment = SpidEnvironment.Norway;
            options.Issuers.Add(Forge.Issuer);
        });
        yield return Change("JwksEndpoint", options => options.JwksEndpoint = new Uri("https://identity-pre.schibsted.com/oauth/jwks?of=another"));
        yield return Change("Algorithms", options =>
        {
            options.Algorithms.Add("RS256");
            options.Algorithms.Add("PS256");
        });
    }

    [TestCaseSource(nameof(ChangesThatLeaveKeysAsTheyAre))]
    [Description("B12: an option changes while the key set is down")]
    public async Task Reload_KeySetDown_LastGoodSetServesOn(Action<SpidVerifierOptions> change)
    {
        Assert.That(await ReasonAsync(_rig.Sign()), Is.EqualTo(None));
        FailKeys();

        Reload(change);

        Assert.That(await ReasonAsync(_rig.Sign()), Is.EqualTo(None));
        Assert.That((_rig.Spid.KeyFetches, _rig.Spid.Introspections), Is.EqualTo((1, 0)));
    }

    [TestCaseSource(nameof(ChangesOfTheKeys))]
    [Description("B12: keys of another place, or for other algorithms, are not used")]
    public async Task Reload_OtherKeysAreAskedFor_SetIsFetched(Action<SpidVerifierOptions> change)
    {
        _options.Mode = SpidVerificationMode.Local;
        await ReasonAsync(_rig.Sign());
        FailKeys();

        Reload(options =>
        {
            options.Mode = SpidVerificationMode.Local;
            change(options);
        });

        Assert.That(await ReasonAsync(_rig.Sign()), Is.EqualTo(NoKeys));
        Assert.That(_rig.Spid.KeyFetches, Is.EqualTo(2));
    }

    [Test(Description = "B12: a pause that the key set endpoint asked for outlasts reloads")]
    public async Task Reload_DuringThePauseOfTheKeySet_EndpointIsLeftAlone()
    {
        FailKeys();
        Reload(Local);
        await ReasonAsync(_rig.Sign());

        for (int change = 1; change <= 5; change++)
        {
            Reload(options =>
            {
                Local(options);
                options.ClockSkew = TimeSpan.FromSeconds(change);
            });
            Assert.That(await ReasonAsync(_rig.Sign()), Is.EqualTo(NoKeys));
        }

        Assert.That(_rig.Spid.KeyFetches, Is.EqualTo(1));
    }

    [Test(Description = "B12: reloads give unknown key ids no further fetches")]
    public async Task Reload_FetchesForUnknownIdsAreUsedUp_StayUsedUp()
    {
        using var forger = new Forge();
        await ReasonAsync(_rig.Sign());
        for (int number = 0; number < 10; number++)
        {
            await ReasonAsync(forger.Sign(_rig.Now, editHeader: header => header["kid"] = $"made-up-{number}"));
            Reload(options => options.ClockSkew = TimeSpan.FromSeconds(number));
        }

        Assert.That(_rig.Spid.KeyFetches, Is.EqualTo(3));
    }

    [Test(Description = "B12: a fetch that is under way brings its keys to the new verifier too")]
    public async Task Reload_FetchUnderWay_SharesIt(CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _rig.Spid.Keys = _ => answer.Task;
        Task<SpidVerificationReason> before = ReasonAsync(_rig.Sign());
        await Wait.UntilAsync(() => _rig.Spid.KeyFetches == 1, cancellationToken);

        Reload(options => options.ClockSkew = TimeSpan.FromSeconds(7));
        Task<SpidVerificationReason> after = ReasonAsync(_rig.Sign());
        answer.SetResult(StubSpid.Json(Forge.KeySet(_rig.Forge.Key())));

        Assert.That((await before, await after), Is.EqualTo((None, None)));
        Assert.That(_rig.Spid.KeyFetches, Is.EqualTo(1));
    }

    [Test(Description = "What was found out about tokens is not kept: other options may lead to other facts")]
    public async Task Reload_TokenIsRemembered_IsVerifiedAgain()
    {
        string token = _rig.Sign();
        await ReasonAsync(token);

        Reload(options => options.ClockSkew = TimeSpan.FromSeconds(7));

        Assert.That((await _verifier.VerifyAsync(token.AsMemory(), CancellationToken.None)).Token.Source, Is.EqualTo(SpidTokenSource.LocalSignature));
    }

    [Test]
    public async Task Dispose_AfterReloads_NoFetchStarts()
    {
        await ReasonAsync(_rig.Sign());
        Reload(options => options.ClockSkew = TimeSpan.FromSeconds(7));
        KeySet keys = _verifier.Current.Keys;

        _verifier.Dispose();

        Assert.That(() => keys.WarmUpAsync(CancellationToken.None), Throws.InstanceOf<ObjectDisposedException>());
    }

    public void Dispose()
    {
        _verifier.Dispose();
        _rig.Dispose();
    }

    private static TestCaseData Change(string name, Action<SpidVerifierOptions> change) => new TestCaseData(change).SetArgDisplayNames(name);

    private static void Local(SpidVerifierOptions options) => (options.Mode, options.ClientId, options.ClientSecret) = (SpidVerificationMode.Local, null, null);

    private IDisposable? Subscribe(Action callback)
    {
        _follow = callback;
        return null;
    }

    private void Reload(Action<SpidVerifierOptions> change)
    {
        SpidVerifierOptions changed = VerifierRig.CreateOptions();
        change(changed);
        _options = changed;
        _follow();
    }

    private void FailKeys() => _rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

    private async Task<SpidVerificationReason> ReasonAsync(string token) => (await _verifier.VerifyAsync(token.AsMemory(), CancellationToken.None)).Reason;
}
