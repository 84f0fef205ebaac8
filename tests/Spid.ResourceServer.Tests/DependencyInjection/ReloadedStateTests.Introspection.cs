using System.Net;
using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <content>What was learned of introspection and of the credentials.</content>
internal sealed partial class ReloadedStateTests
{
    private static IEnumerable<TestCaseData> ChangesThatLeaveCredentialsAsTheyAre()
    {
        yield return Change("ClockSkew", options => options.ClockSkew = TimeSpan.FromSeconds(7));
        yield return Change("Audiences", options => options.Audiences.Add("https://other.example.com"));
        yield return Change("Cache.MaximumAge", options => options.Cache.MaximumAge = TimeSpan.FromSeconds(7));
        yield return Change("JwksEndpoint", options => options.JwksEndpoint = new Uri("https://identity-pre.schibsted.com/elsewhere"));
        yield return Change("Algorithms", options => options.Algorithms.Add("PS256"));
        yield return Change("Introspection.Timeout", options => options.Introspection.Timeout = TimeSpan.FromSeconds(7));
        yield return Change("Introspection.MaximumConcurrency", options => options.Introspection.MaximumConcurrency = 7);
        yield return Change("Introspection.BreakDuration", options => options.Introspection.BreakDuration = TimeSpan.FromSeconds(7));
        yield return Change("Introspection.MaximumRetryAfter", options => options.Introspection.MaximumRetryAfter = TimeSpan.FromSeconds(7));
    }

    private static IEnumerable<TestCaseData> ChangesOfCredentials()
    {
        yield return Change("ClientSecret", options => options.ClientSecret = "another");
        yield return Change("ClientId", options => options.ClientId = "another");
        yield return Change("ClientAuthentication", options => options.ClientAuthentication = SpidClientAuthentication.Body);
        yield return Change("IntrospectionEndpoint", options => options.IntrospectionEndpoint = new Uri("https://identity-pre.schibsted.com/elsewhere"));
    }

    [TestCaseSource(nameof(ChangesThatLeaveCredentialsAsTheyAre))]
    [Description("B12: a pause that SPiD asked for outlasts a reload")]
    public async Task Reload_DuringAPause_SpidIsLeftAloneForTheRestOfIt(Action<SpidVerifierOptions> change)
    {
        Reload(Mode.Remote);
        _rig.Spid.Introspect = (_, _) => Task.FromResult(TooMany("30"));
        await ReasonAsync(_rig.Sign());
        _rig.AnswerActive();

        Reload(options =>
        {
            Mode.Remote(options);
            change(options);
        });
        _rig.Time.Advance(TimeSpan.FromSeconds(29));

        Assert.That((await ReasonAsync(_rig.Sign()), _rig.Spid.Introspections), Is.EqualTo((Throttled, 1)));
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        _rig.AnswerActive();
        Assert.That(await ReasonAsync(_rig.Sign()), Is.EqualTo(None));
    }

    [TestCaseSource(nameof(ChangesThatLeaveCredentialsAsTheyAre))]
    [Description("B12: an open circuit stays open")]
    public async Task Reload_CircuitIsOpen_StaysOpen(Action<SpidVerifierOptions> change)
    {
        Reload(Mode.Remote);
        _rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        for (int call = 0; call < 10; call++)
        {
            await ReasonAsync(_rig.Sign());
        }

        Reload(options =>
        {
            Mode.Remote(options);
            change(options);
        });
        await ReasonAsync(_rig.Sign());

        Assert.That(_rig.Spid.Introspections, Is.EqualTo(10));
        Assert.That(_verifier.Current.Introspection.Status, Is.EqualTo(IntrospectionStatus.Failing));
    }

    [TestCaseSource(nameof(ChangesThatLeaveCredentialsAsTheyAre))]
    [Description("B12: refused credentials stay refused while they are the same")]
    public async Task Reload_CredentialsAreRefused_AreNotTriedAgain(Action<SpidVerifierOptions> change)
    {
        Reload(Mode.Remote);
        _rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Unauthorized));
        await ReasonAsync(_rig.Sign());

        Reload(options =>
        {
            Mode.Remote(options);
            change(options);
        });

        Assert.That((await ReasonAsync(_rig.Sign()), _rig.Spid.Introspections), Is.EqualTo((CredentialsRefused, 1)));
        Assert.That(_verifier.Current.Introspection.Status, Is.EqualTo(IntrospectionStatus.CredentialsRefused));
    }

    [TestCaseSource(nameof(ChangesOfCredentials))]
    [Description("B12: other credentials, or another endpoint, are tried at once")]
    public async Task Reload_OtherCredentials_AreTriedAtOnce(Action<SpidVerifierOptions> change)
    {
        Reload(Mode.Remote);
        _rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Unauthorized));
        await ReasonAsync(_rig.Sign());
        _rig.AnswerActive();

        Reload(options =>
        {
            Mode.Remote(options);
            change(options);
        });

        Assert.That((await ReasonAsync(_rig.Sign()), _rig.Spid.Introspections), Is.EqualTo((None, 2)));
        Assert.That(_verifier.Current.Introspection.Status, Is.EqualTo(IntrospectionStatus.Working));
    }

    [Test(Description = "B12: calls of before a reload count among those that may run at once")]
    public async Task Reload_CallsUnderWay_CountAmongThoseAllowed(CancellationToken cancellationToken)
    {
        Reload(One);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _rig.Spid.Introspect = (_, _) => answer.Task;
        Task<SpidVerificationReason> before = ReasonAsync(_rig.Sign());
        await Wait.UntilAsync(() => _rig.Spid.Introspections == 1, cancellationToken);

        Reload(options =>
        {
            One(options);
            options.ClockSkew = TimeSpan.FromSeconds(7);
        });
        Task<SpidVerificationReason> after = ReasonAsync(_rig.Sign());
        await Wait.UntilAsync(() => _verifier.Current.Searches == 1, cancellationToken);
        _rig.AnswerActive();
        answer.SetResult(StubSpid.Json("""{"active":false}"""));

        Assert.That((await before, await after), Is.EqualTo((NotActive, None)));
        Assert.That(_rig.Spid.MostRunning, Is.EqualTo(1));

        static void One(SpidVerifierOptions options) => (options.Mode, options.Introspection.MaximumConcurrency) = (SpidVerificationMode.Remote, 1);
    }

    [Test(Description = "B12: look-ups go on with the server token that they have")]
    public async Task Reload_LookUps_KeepTheirServerToken()
    {
        const string container = """{"name":"SPP Container","code":200,"data":{"clientId":"4e8463569caf7ca019000007","userId":false,"expiresIn":3584}}""";
        Reload(LookUp);
        _rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Json(container));
        await ReasonAsync("0123456789abcdef0123456789abcdef01234567");

        Reload(options =>
        {
            LookUp(options);
            options.ClockSkew = TimeSpan.FromSeconds(7);
        });
        await ReasonAsync("0123456789abcdef0123456789abcdef01234567");

        Assert.That((_rig.Spid.LookUps, _rig.Spid.TokenRequests), Is.EqualTo((2, 1)));

        static void LookUp(SpidVerifierOptions options)
        {
            (options.LookUpOpaqueTokens, options.AudienceCheck) = (true, SpidAudienceCheck.None);
            options.Audiences.Clear();
        }
    }

    private static HttpResponseMessage TooMany(string retryAfter)
    {
        HttpResponseMessage response = StubSpid.Status(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }
}
