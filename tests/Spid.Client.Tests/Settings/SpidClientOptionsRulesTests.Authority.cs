namespace Spid.Client.Tests.Settings;

/// <content>Environment and Authority.</content>
internal sealed partial class SpidClientOptionsRulesTests
{
    private const string NoHttps = "Authority is not an https URL: set it to a base URL such as https://identity-pre.schibsted.com.";
    private const string PlainHttp = "Plain http is for loopback only, because secrets can be read and keys replaced on the way; where the network itself prevents that, set AllowPlainHttp.";
    private const string NotAlone = "Authority has user info, a query or a fragment: write the base URL alone.";

    [TestCase("https://login.schibsted.com")]
    [TestCase("https://login.schibsted.com/")]
    [TestCase("https://spid.example:8443/base/path/")]
    [TestCase("HTTPS://SPID.EXAMPLE")]
    [TestCase("http://localhost:8080")]
    [TestCase("http://127.0.0.1")]
    [TestCase("http://127.8.9.10:1")]
    [TestCase("http://[::1]:8080/")]
    [TestCase("https://spid.example/oauth2/default")]
    [TestCase("https://spid.example/oauth2/default/")]
    [TestCase("https://spid.example/tenant/oauth2/v2.0")]
    [TestCase("https://spid.example/oauth2")]
    [TestCase("https://spid.example/oauth/v2")]
    [TestCase("https://spid.example/oauth/tenants/7")]
    [TestCase("https://spid.example/oauth-server")]
    [TestCase("https://spid.example/token")]
    [TestCase("https://spid.example/myoauth/token")]
    [TestCase("https://spid.example/realms/token-service")]
    public void Validate_BaseUrl_IsAccepted(string authority) => Assert.That(AuthorityErrors(authority), Is.Empty);

    [TestCase("login.schibsted.com", NoHttps)]
    [TestCase("/oauth", NoHttps)]
    [TestCase("ftp://spid.example", NoHttps)]
    [TestCase("file:///etc/passwd", NoHttps)]
    [TestCase("http://spid.example", "Authority uses http for spid.example: write https. " + PlainHttp)]
    [TestCase("http://localhost.evil.example", "Authority uses http for localhost.evil.example: write https. " + PlainHttp)]
    [TestCase("http://127.0.0.1.evil.example", "Authority uses http for 127.0.0.1.evil.example: write https. " + PlainHttp)]
    [TestCase("http://10.0.0.1", "Authority uses http for 10.0.0.1: write https. " + PlainHttp)]
    [TestCase("http://localhost@evil.example", "Authority uses http for evil.example: write https. " + PlainHttp)]
    [TestCase("https://user:pass@spid.example", NotAlone)]
    [TestCase("https://spid.example/?tenant=1", NotAlone)]
    [TestCase("https://spid.example/#top", NotAlone)]
    [TestCase("https://spid.example/?", NotAlone)]
    [TestCase("https://spid.example/#", NotAlone)]
    [TestCase("https://spid.example/base?", NotAlone)]
    public void Validate_NoBaseUrl_SaysWhatToWriteInstead(string authority, string error) => AssertOnlyError(AuthorityErrors(authority), error);

    [TestCase("/oauth/token", "/oauth/token")]
    [TestCase("/oauth/token/", "/oauth/token")]
    [TestCase("/base/oauth/token", "/oauth/token")]
    [TestCase("/OAuth/Token", "/oauth/token")]
    [TestCase("/oauth2/default/oauth/introspect", "/oauth/introspect")]
    [TestCase("/oauth/jwks", "/oauth/jwks")]
    [TestCase("/oauth/register", "/oauth/register")]
    [TestCase("/oauth/authorize", "/oauth/authorize")]
    [TestCase("/oauth2/default/.well-known/openid-configuration", "/.well-known/openid-configuration")]
    [TestCase("/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server")]
    public void Validate_AddressOfAnEndpoint_AsksForTheBaseUrl(string path, string named) => AssertOnlyError(
        AuthorityErrors("https://spid.example" + path), $"Authority ends with {named}: write the base URL before that, to which the paths of endpoints are appended.");

    [TestCase("http://spid:5901")]
    [TestCase("http://10.0.0.1")]
    [TestCase("http://spid.example/oauth2/default/")]
    [TestCase("http://localhost")]
    [TestCase("https://spid.example")]
    public void Validate_BaseUrlWherePlainHttpIsAllowed_IsAccepted(string authority) => Assert.That(AuthorityErrors(authority, allowPlainHttp: true), Is.Empty);

    [TestCase("ftp://spid.example", NoHttps)]
    [TestCase("spid:5901", NoHttps)]
    [TestCase("http://user:pass@spid:5901", NotAlone)]
    [TestCase("http://spid:5901/?tenant=1", NotAlone)]
    [TestCase("http://stage.payment.schibsted.no", "Authority names stage.payment.schibsted.no, which SPiD has switched off: use Environment = PreProduction instead.")]
    public void Validate_NoBaseUrlWherePlainHttpIsAllowed_IsRefusedAllTheSame(string authority, string error) =>
        AssertOnlyError(AuthorityErrors(authority, allowPlainHttp: true), error);

    [TestCase("stage.payment.schibsted.no", "Environment = PreProduction")]
    [TestCase("stage.payment.schibsted.se", "Environment = PreProduction")]
    [TestCase("staging.payment.schibsted.no", "Environment = PreProduction")]
    [TestCase("payment.schibsted.se", "Environment = International")]
    [TestCase("PAYMENT.schibsted.SE", "Environment = International")]
    [Test(Description = "spid.md section 2: hosts that SPiD has switched off")]
    public void Validate_RetiredHost_NamesItsReplacement(string host, string replacement) => AssertOnlyError(
        AuthorityErrors($"https://{host}/"), $"Authority names {new Uri($"https://{host}").Host}, which SPiD has switched off: use {replacement} instead.");

    [Test]
    public void Validate_EnvironmentAndAuthority_AsksToKeepOne() => AssertOnlyError(
        Errors(options => options.Authority = new Uri("https://login.schibsted.com")),
        "Environment and Authority are both set: keep the one that is meant.");

    [TestCase(-1)]
    [TestCase(5)]
    public void Validate_UnknownEnvironment_ListsTheKnownOnes(int environment) => AssertOnlyError(
        Errors(options => options.Environment = (SpidEnvironment)environment),
        "Environment is unknown: set it to International, Norway, Finland, Denmark or PreProduction.");

    private static string[] AuthorityErrors(string authority, bool allowPlainHttp = false) => Errors(options =>
    {
        options.AllowPlainHttp = allowPlainHttp;
        options.Environment = null;
        options.Authority = new Uri(authority, authority.StartsWith('/') ? UriKind.Relative : UriKind.RelativeOrAbsolute);
    });
}
