namespace Spid.Client.Tests.Settings;

/// <content>Environment and Authority.</content>
internal sealed partial class SpidClientOptionsRulesTests
{
    private const string NoHttps = "Authority is not an https URL: set it to a base URL such as https://identity-pre.schibsted.com.";
    private const string NotAlone = "Authority has user info, a query or a fragment: write the base URL alone.";

    [TestCase("https://login.schibsted.com")]
    [TestCase("https://login.schibsted.com/")]
    [TestCase("https://spid.example:8443/base/path/")]
    [TestCase("HTTPS://SPID.EXAMPLE")]
    [TestCase("http://localhost:8080")]
    [TestCase("http://127.0.0.1")]
    [TestCase("http://127.8.9.10:1")]
    [TestCase("http://[::1]:8080/")]
    public void Validate_BaseUrl_IsAccepted(string authority) => Assert.That(AuthorityErrors(authority), Is.Empty);

    [TestCase("login.schibsted.com", NoHttps)]
    [TestCase("/oauth", NoHttps)]
    [TestCase("ftp://spid.example", NoHttps)]
    [TestCase("file:///etc/passwd", NoHttps)]
    [TestCase("http://spid.example", "Authority uses http for spid.example: write https. Plain http is for loopback only, because requests carry the client secret.")]
    [TestCase("http://localhost.evil.example", "Authority uses http for localhost.evil.example: write https. Plain http is for loopback only, because requests carry the client secret.")]
    [TestCase("http://127.0.0.1.evil.example", "Authority uses http for 127.0.0.1.evil.example: write https. Plain http is for loopback only, because requests carry the client secret.")]
    [TestCase("http://10.0.0.1", "Authority uses http for 10.0.0.1: write https. Plain http is for loopback only, because requests carry the client secret.")]
    [TestCase("http://localhost@evil.example", "Authority uses http for evil.example: write https. Plain http is for loopback only, because requests carry the client secret.")]
    [TestCase("https://user:pass@spid.example", NotAlone)]
    [TestCase("https://spid.example/?tenant=1", NotAlone)]
    [TestCase("https://spid.example/#top", NotAlone)]
    [TestCase("https://spid.example/?", NotAlone)]
    [TestCase("https://spid.example/#", NotAlone)]
    [TestCase("https://spid.example/base?", NotAlone)]
    public void Validate_NoBaseUrl_SaysWhatToWriteInstead(string authority, string error) => AssertOnlyError(AuthorityErrors(authority), error);

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

    private static string[] AuthorityErrors(string authority) => Errors(options =>
    {
        options.Environment = null;
        options.Authority = new Uri(authority, authority.StartsWith('/') ? UriKind.Relative : UriKind.RelativeOrAbsolute);
    });
}
