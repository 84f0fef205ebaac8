using Microsoft.Extensions.Options;
using Spid.Client;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Settings;

/// <summary>What a start with wrong options says.</summary>
internal sealed class VerificationOptionsRulesTests
{
    public static IEnumerable<TestCaseData> Wrong() =>
    [
        Case(o => o.Environment = null, "Environment is missing"),
        Case(o => o.Authority = new Uri("https://x.example.com"), "Environment and Authority are both set"),
        Case(o => (o.Environment, o.Authority) = (null, new Uri("http://x.example.com")), "Authority uses http"),
        Case(o => (o.Environment, o.Authority) = (null, new Uri("https://x.example.com/oauth/introspect")), "Authority ends with /oauth/introspect: write the base URL"),
        Case(o => o.IntrospectionEndpoint = new Uri("/introspect", UriKind.Relative), "IntrospectionEndpoint is not an absolute https URL"),
        Case(o => o.IntrospectionEndpoint = new Uri("http://x.example.com/introspect"), "IntrospectionEndpoint uses http for x.example.com: write https."),
        Case(o => o.IntrospectionEndpoint = new Uri("https://user:pass@x.example.com/"), "IntrospectionEndpoint has user info or a fragment"),
        Case(o => o.JwksEndpoint = new Uri("ftp://x.example.com/keys"), "JwksEndpoint is not an absolute https URL"),
        Case(o => o.JwksEndpoint = new Uri("http://x.example.com/keys"), "JwksEndpoint uses http for x.example.com: write https."),
        Case(o => o.JwksEndpoint = new Uri("https://x.example.com/keys#one"), "JwksEndpoint has user info or a fragment"),
        Case(o => o.TokenEndpoint = new Uri("http://spid:5901/token"), "TokenEndpoint uses http for spid: write https."),
        Case(o => o.LookUpEndpoint = new Uri("token", UriKind.Relative), "LookUpEndpoint is not an absolute https URL"),
        Case(o => o.LookUpEndpoint = new Uri("https://x.example.com/api/2/token?version=2"), "LookUpEndpoint has a query"),
        Case(o => { o.AllowPlainHttp = true; o.JwksEndpoint = new Uri("ftp://spid/keys"); }, "JwksEndpoint is not an absolute https URL"),
        Case(o => o.Mode = (SpidVerificationMode)9, "Mode is unknown"),
        Case(o => o.AudienceCheck = (SpidAudienceCheck)9, "AudienceCheck is unknown"),
        Case(o => o.ClientAuthentication = (SpidClientAuthentication)9, "ClientAuthentication is unknown"),
        Case(o => o.ClientSecret = null, "ClientSecret is missing"),
        Case(o => o.ClientId = "", "ClientId is missing"),
        Case(o => o.ClientId = "a:b", "ClientId has a colon"),
        Case(o => o.ClientSecret = "line\n", "ClientSecret has control characters"),
        Case(o => (o.Mode, o.ClientId, o.ClientSecret) = (SpidVerificationMode.Remote, null, null), "ClientId and ClientSecret are missing"),
        Case(o => (o.AcceptUserTokens, o.ClientId, o.ClientSecret) = (true, null, null), "AcceptUserTokens needs introspection"),
        Case(o => (o.Mode, o.IntrospectOpaqueTokens) = (SpidVerificationMode.Local, true), "IntrospectOpaqueTokens needs introspection"),
        Case(o => { LookUp(o); o.Mode = SpidVerificationMode.Local; }, "LookUpOpaqueTokens needs introspection"),
        Case(o => { LookUp(o); (o.ClientId, o.ClientSecret) = (null, null); }, "LookUpOpaqueTokens needs introspection"),
        Case(o => { LookUp(o); o.IntrospectOpaqueTokens = true; }, "LookUpOpaqueTokens and IntrospectOpaqueTokens"),
        Case(o => o.LookUpOpaqueTokens = true, "LookUpOpaqueTokens needs AudienceCheck to be None"),
        Case(o => (o.Mode, o.ConfirmRemotely) = (SpidVerificationMode.Local, TimeSpan.FromSeconds(5)), "ConfirmRemotely needs introspection"),
        Case(o => (o.Mode, o.SelfTest) = (SpidVerificationMode.Local, true), "SelfTest needs introspection"),
        Case(o => o.Audiences.Clear(), "Audiences is empty"),
        Case(o => o.AudienceCheck = SpidAudienceCheck.None, "Audiences is set, but AudienceCheck is None"),
        Case(o => o.Audiences.Add(" "), "Audiences has an entry"),
        Case(o => o.Issuers.Add("a b"), "Issuers has an entry"),
        Case(o => o.AllowedClients.Add(""), "AllowedClients has an entry"),
        Case(o => o.Algorithms.Add("none"), "Algorithms has 'none'"),
        Case(o => o.Algorithms.Add("HS256"), "Algorithms has 'HS256'"),
        Case(o => o.ClockSkew = TimeSpan.FromMinutes(6), "ClockSkew"),
        Case(o => o.ConfirmRemotely = TimeSpan.Zero, "ConfirmRemotely"),
        Case(o => o.Cache.MaximumAge = TimeSpan.FromHours(2), "Cache.MaximumAge"),
        Case(o => o.Cache.StaleIfError = TimeSpan.FromHours(2), "Cache.StaleIfError"),
        Case(o => o.Cache.NegativeMaximumAge = TimeSpan.FromHours(2), "Cache.NegativeMaximumAge"),
        Case(o => o.Cache.MaximumEntries = 0, "Cache.MaximumEntries"),
        Case(o => o.Cache.MaximumNegativeEntries = 0, "Cache.MaximumNegativeEntries"),
        Case(o => o.Introspection.Timeout = TimeSpan.Zero, "Introspection.Timeout"),
        Case(o => o.Introspection.MaximumConcurrency = 0, "Introspection.MaximumConcurrency"),
        Case(o => o.Introspection.MaximumQueue = -1, "Introspection.MaximumQueue"),
        Case(o => o.Introspection.BreakDuration = TimeSpan.Zero, "Introspection.BreakDuration"),
        Case(o => o.Introspection.MaximumRetryAfter = TimeSpan.Zero, "Introspection.MaximumRetryAfter"),
        Case(o => o.Keys.RefreshInterval = TimeSpan.Zero, "Keys.RefreshInterval"),
        Case(o => (o.Keys.RefreshInterval, o.Keys.LastGoodMaximumAge) = (TimeSpan.FromHours(2), TimeSpan.FromHours(1)), "Keys.RefreshInterval (02:00:00) is longer"),
        Case(o => o.Keys.LastGoodMaximumAge = TimeSpan.FromDays(8), "Keys.LastGoodMaximumAge"),
        Case(o => o.Keys.UnknownKeyInterval = TimeSpan.Zero, "Keys.UnknownKeyInterval"),
        Case(o => o.Keys.Timeout = TimeSpan.Zero, "Keys.Timeout"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void Validate_OneFault_IsNamedAndNothingElse(Action<SpidVerifierOptions> spoil, string expected)
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        spoil(options);

        ValidateOptionsResult result = new VerificationOptionsRules<SpidVerifierOptions>().Validate("api", options);

        Assert.That(result.Failures, Has.Exactly(1).StartsWith(expected));
        Assert.That(result.Failures, Has.All.EndsWith("(options of SPiD verifier 'api')").And.None.Contains(VerifierRig.ClientSecret));
    }

    [Test]
    public void Validate_LocalWithoutCredentials_IsFine()
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        Mode.Local(options);

        Assert.That(new VerificationOptionsRules<SpidVerifierOptions>().Validate("", options).Succeeded, Is.True);
    }

    [TestCase("http://spid:5901")]
    [TestCase("http://spid.example.com/oauth2/default")]
    public void Validate_PlainHttpAllowed_IsFine(string authority)
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        (options.Environment, options.Authority, options.AllowPlainHttp) = (null, new Uri(authority), true);
        (options.IntrospectionEndpoint, options.JwksEndpoint) = (new Uri("http://spid:5901/introspect?code=1"), new Uri("http://spid:5901/keys"));
        (options.LookUpEndpoint, options.TokenEndpoint) = (new Uri("http://spid:5901/lookup"), new Uri("http://spid:5901/token"));

        Assert.That(new VerificationOptionsRules<SpidVerifierOptions>().Validate("", options).Failures, Is.Null.Or.Empty);
    }

    [Test]
    public void From_SettingsAndOptions_ShowNoSecret()
    {
        var settings = VerifierSettings.From("api", VerifierRig.CreateOptions());

        Assert.That(settings.ToString(), Is.EqualTo("SPiD verifier 'api' for https://identity-pre.schibsted.com"));
        Assert.That(settings.Secret!.ToString(), Does.Not.Contain(VerifierRig.ClientSecret));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(VerifierRig.CreateOptions()), Does.Not.Contain(VerifierRig.ClientSecret));
    }

    [Test]
    public void IsSameAs_OptionsThatSayTheSame_AreTheSame()
    {
        SpidVerifierOptions other = VerifierRig.CreateOptions();
        var settings = VerifierSettings.From("api", VerifierRig.CreateOptions());

        Assert.That(settings.IsSameAs(VerifierSettings.From("api", other)), Is.True);
        other.AllowedClients.Add("x");
        Assert.That(settings.IsSameAs(VerifierSettings.From("api", other)), Is.False);
        other = VerifierRig.CreateOptions();
        other.ClientSecret = "another";
        Assert.That(settings.IsSameAs(VerifierSettings.From("api", other)), Is.False);
    }

    [Test]
    public void GetAuthority_NeitherIsSet_Throws() =>
        Assert.That(() => new SpidVerifierOptions().GetAuthority(), Throws.InvalidOperationException);

    private static void LookUp(SpidVerifierOptions options)
    {
        options.Audiences.Clear();
        (options.AudienceCheck, options.LookUpOpaqueTokens) = (SpidAudienceCheck.None, true);
    }

    private static TestCaseData Case(Action<SpidVerifierOptions> spoil, string expected) => new TestCaseData(spoil, expected).SetArgDisplayNames(expected);
}
