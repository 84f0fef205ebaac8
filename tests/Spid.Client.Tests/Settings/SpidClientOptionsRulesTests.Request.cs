namespace Spid.Client.Tests.Settings;

/// <content>Credentials, scope, resources and parameters.</content>
internal sealed partial class SpidClientOptionsRulesTests
{
    private const string IdHasSpace = "ClientId has white space or control characters: copy it again from SPiD self service.";
    private const string ScopeForm =
        "Scope cannot be sent: a scope consists of printable ASCII characters without quotation mark and backslash, and scopes are separated by spaces (RFC 6749 section 3.3).";

    [TestCase(" id")]
    [TestCase("id\n")]
    [TestCase("i d")]
    [TestCase("i\u00a0d")]
    [TestCase("i\u0000d")]
    public void Validate_ClientIdWithWhiteSpace_AsksToCopyItAgain(string id) => AssertOnlyError(Errors(options => options.ClientId = id), IdHasSpace);

    [TestCase(SpidClientAuthentication.Basic, 1)]
    [TestCase(SpidClientAuthentication.BasicFormEncoded, 0)]
    [TestCase(SpidClientAuthentication.Body, 0)]
    [Test(Description = "RFC 7617 section 2: raw Basic cannot carry a colon in the id")]
    public void Validate_ClientIdWithColon_IsRefusedForRawBasicOnly(SpidClientAuthentication authentication, int count)
    {
        string[] errors = Errors(options =>
        {
            options.ClientId = "a:b";
            options.ClientAuthentication = authentication;
        });

        Assert.That(errors, Has.Length.EqualTo(count));
        Assert.That(errors, Has.All.Contain("set ClientAuthentication to Body or BasicFormEncoded"));
    }

    [TestCase("secret\n", "has control characters, often a line end from a file")]
    [TestCase("secret\r\n", "has control characters, often a line end from a file")]
    [TestCase("sec\tret", "has control characters, often a line end from a file")]
    [TestCase("sec\u0000ret", "has control characters, often a line end from a file")]
    [TestCase(" secret", "begins or ends with white space")]
    [TestCase("secret ", "begins or ends with white space")]
    [TestCase("\u00a0secret", "begins or ends with white space")]
    public void Validate_SecretWithWhiteSpaceAround_AsksToCopyItAgain(string secret, string fault)
    {
        AssertOnlyError(Errors(options => options.ClientSecret = secret), $"ClientSecret {fault}: copy it again from SPiD self service.");
        AssertOnlyError(Errors(options => options.SecondaryClientSecret = secret), $"SecondaryClientSecret {fault}: copy it again from SPiD self service.");
    }

    [TestCase("a b:c%+é€")]
    [TestCase("x")]
    public void Validate_AnyOtherSecret_IsAccepted(string secret) => Assert.That(Errors(options => options.ClientSecret = secret), Is.Empty);

    [TestCase("")]
    [TestCase(null)]
    public void Validate_NoSecondarySecret_IsAccepted(string? secret) => Assert.That(Errors(options => options.SecondaryClientSecret = secret), Is.Empty);

    [TestCase("a\"b")]
    [TestCase("a\\b")]
    [TestCase("a\tb")]
    [TestCase("a\nb")]
    [TestCase("å")]
    [TestCase("a\u00a0b")]
    public void Validate_ScopeOfWrongForm_CitesTheRfc(string scope) => AssertOnlyError(Errors(options => options.Scope = scope), ScopeForm);

    [TestCase("read:messages  write:messages ")]
    [TestCase("spid:merchants/1|write")]
    [TestCase("")]
    public void Validate_ScopeOfSpid_IsAccepted(string scope) => Assert.That(Errors(options => options.Scope = scope), Is.Empty);

    [TestCase("messages", "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)")]
    [TestCase("/messages", "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)")]
    [TestCase("//service.example", "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)")]
    [TestCase("", "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)")]
    [TestCase(" https://service.example", "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)")]
    [TestCase("https://service.example\n", "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)")]
    [TestCase("https://service.example/#a", "a resource indicator has no fragment (RFC 8707 section 2)")]
    [TestCase("https://service.example#", "a resource indicator has no fragment (RFC 8707 section 2)")]
    [TestCase("urn:a#b", "a resource indicator has no fragment (RFC 8707 section 2)")]
    [Test(Description = "RFC 8707 section 2")]
    public void Validate_ResourceOfWrongForm_CitesTheRfc(string resource, string fault) =>
        AssertOnlyError(Errors(options => options.Resources.Add(resource)), $"Resources has '{resource}', which cannot be sent: {fault}.");

    [TestCase("https://service.schibsted.com/messages")]
    [TestCase("https://service.schibsted.com/?a=b")]
    [TestCase("urn:example:service")]
    public void Validate_AbsoluteResource_IsAccepted(string resource) => Assert.That(Errors(options => options.Resources.Add(resource)), Is.Empty);

    [TestCase("grant_type")]
    [TestCase("client_id")]
    [TestCase("client_secret")]
    [TestCase("scope")]
    [TestCase("resource")]
    [Test(Description = "RFC 6749 section 3.2: no parameter twice")]
    public void Validate_ReservedParameter_PointsToItsOption(string name) => AssertOnlyError(
        Errors(options => options.Parameters[name] = "x"), $"Parameters cannot be sent: '{name}' has an option of its own and cannot be an extra parameter.");

    [Test]
    public void Validate_ParameterWithoutName_IsRefused() =>
        AssertOnlyError(Errors(options => options.Parameters[""] = "x"), "Parameters cannot be sent: a parameter has a name.");
}
