namespace Spid.Client.Tests.Settings;

/// <content>Endpoints at paths of their own.</content>
internal sealed partial class SpidClientOptionsRulesTests
{
    private const string NoAddress = "{0} is not an absolute https URL: write the whole address of the endpoint, such as https://spid.example.com/connect/token.";
    private const string Extras = "{0} has user info or a fragment: write the address without them.";

    private static readonly string[] EndpointOptions = [nameof(SpidClientOptions.TokenEndpoint), nameof(SpidClientOptions.RegistrationEndpoint)];

    private static readonly string[] Addresses =
    [
        "https://login.schibsted.com/oauth/token", "https://spid.example/connect/token", "https://spid.example:8443/connect/token/", "https://spid.example",
        "https://spid.example/token?policy=b2c_1", "https://[2001:db8::1]/token", "http://localhost:5901/connect/token", "http://127.0.0.1/token", "http://[::1]/token",
    ];

    private static readonly (string Address, string Error)[] Faults =
    [
        ("/connect/token", NoAddress), ("connect/token", NoAddress), ("", NoAddress), ("//spid.example/token", NoAddress), ("ftp://spid.example/token", NoAddress),
        ("file:///etc/passwd", NoAddress), ("spid:5901", NoAddress), ("ws://spid.example/token", NoAddress), ("urn:token", NoAddress),
        ("https://user:pass@spid.example/token", Extras), ("https://user@spid.example/token", Extras), ("https://spid.example/token#top", Extras),
        ("https://spid.example/token#", Extras), ("https://spid.example/token?a=b#c", Extras),
        ("http://spid.example/token", "{0} uses http for spid.example: write https. " + PlainHttp), ("http://spid:5901/token", "{0} uses http for spid: write https. " + PlainHttp),
        ("http://localhost.evil.example/token", "{0} uses http for localhost.evil.example: write https. " + PlainHttp),
        ("https://payment.schibsted.se/oauth/token", "{0} names payment.schibsted.se, which SPiD has switched off: use Environment = International instead."),
    ];

    public static IEnumerable<TestCaseData> GoodEndpoints() =>
        EndpointOptions.SelectMany(option => Addresses.Select(address => new TestCaseData(option, address).SetArgDisplayNames(option, address)));

    public static IEnumerable<TestCaseData> BadEndpoints() =>
        EndpointOptions.SelectMany(option => Faults.Select(fault => new TestCaseData(option, fault.Address, fault.Error).SetArgDisplayNames(option, fault.Address)));

    [TestCaseSource(nameof(GoodEndpoints))]
    public void Validate_AddressOfItsOwn_IsAccepted(string option, string address) => Assert.That(EndpointErrors(option, address), Is.Empty);

    [TestCaseSource(nameof(BadEndpoints))]
    public void Validate_NoAddress_SaysWhatToWrite(string option, string address, string error) => AssertOnlyError(
        EndpointErrors(option, address), string.Format(System.Globalization.CultureInfo.InvariantCulture, error, option));

    [TestCase("http://spid:5901/connect/token")]
    [TestCase("http://10.0.0.1/token?policy=1")]
    public void Validate_PlainHttpAddressWhereItIsAllowed_IsAccepted(string address) =>
        Assert.That(EndpointOptions.SelectMany(option => EndpointErrors(option, address, allowPlainHttp: true)), Is.Empty);

    [Test]
    public void Validate_FaultsOfBothEndpoints_AreListedAtOnce() => Assert.That(
        Errors(options => (options.TokenEndpoint, options.RegistrationEndpoint) = (new Uri("a", UriKind.Relative), new Uri("http://b.example"))), Has.Length.EqualTo(2));

    private static string[] EndpointErrors(string option, string address, bool allowPlainHttp = false) => Errors(options =>
    {
        var endpoint = new Uri(address, UriKind.RelativeOrAbsolute);
        options.AllowPlainHttp = allowPlainHttp;
        (options.TokenEndpoint, options.RegistrationEndpoint) = option == nameof(options.TokenEndpoint) ? (endpoint, (Uri?)null) : (null, endpoint);
    });
}
