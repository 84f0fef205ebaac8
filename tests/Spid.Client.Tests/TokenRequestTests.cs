namespace Spid.Client.Tests;

internal sealed partial class TokenRequestTests
{
    private static readonly KeyValuePair<string, string>[] None = [];

    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("   ", null)]
    [TestCase("read", "read")]
    [TestCase("  read   write ", "read write")]
    [TestCase("read write read", "read write")]
    [TestCase("Read read", "Read read")]
    public void Constructor_Scope_IsSplitAtSpacesAndKeepsItsOrder(string? scope, string? expected) =>
        Assert.That(new TokenRequest(scope).Scope, Is.EqualTo(expected));

    [TestCase("a\"b")]
    [TestCase("a\\b")]
    [TestCase("a\tb")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    [TestCase("a\u007f")]
    [TestCase("å")]
    [Test(Description = "RFC 6749 section 3.3")]
    public void Constructor_ScopeOfWrongForm_NamesTheArgumentAndTheRfc(string scope)
    {
        ArgumentException? exception = Assert.Throws<ArgumentException>(() => _ = new TokenRequest(scope));

        Assert.That(exception?.ParamName, Is.EqualTo("scope"));
        Assert.That(exception?.Message, Does.Contain("RFC 6749 section 3.3"));
    }

    [TestCase("messages", "is an absolute URI")]
    [TestCase("/messages", "is an absolute URI")]
    [TestCase("", "is an absolute URI")]
    [TestCase(" https://a.example", "is an absolute URI")]
    [TestCase("https://a.example/a b", "is an absolute URI")]
    [TestCase("https://a.example/#f", "has no fragment")]
    [Test(Description = "RFC 8707 section 2")]
    public void Constructor_ResourceOfWrongForm_NamesTheArgumentAndTheRfc(string resource, string fault)
    {
        ArgumentException? exception = Assert.Throws<ArgumentException>(() => _ = new TokenRequest(null, "https://b.example", resource));

        Assert.That(exception?.ParamName, Is.EqualTo("resources"));
        Assert.That(exception?.Message, Does.Contain($"a resource indicator {fault}").And.Contain("RFC 8707 section 2"));
    }

    [TestCase("grant_type", "has an option of its own")]
    [TestCase("client_id", "has an option of its own")]
    [TestCase("client_secret", "has an option of its own")]
    [TestCase("scope", "has an option of its own")]
    [TestCase("resource", "has an option of its own")]
    [TestCase("", "a parameter has a name")]
    [Test(Description = "RFC 6749 section 3.2")]
    public void Constructor_ReservedOrNamelessParameter_NamesTheArgument(string name, string fault)
    {
        ArgumentException? exception = Assert.Throws<ArgumentException>(() => _ = new TokenRequest(null, [], [new(name, "top-secret")]));

        Assert.That(exception?.ParamName, Is.EqualTo("parameters"));
        Assert.That(exception?.Message, Does.Contain(fault).And.Not.Contain("top-secret"));
    }

    [Test(Description = "RFC 6749 section 3.2: no parameter twice")]
    public void Constructor_ParameterTwice_IsRefusedWithoutItsValues()
    {
        ArgumentException? exception = Assert.Throws<ArgumentException>(() => _ = new TokenRequest(null, [], [new("a", "one-secret"), new("b", ""), new("a", "other-secret")]));

        Assert.That(exception?.ParamName, Is.EqualTo("parameters"));
        Assert.That(exception?.Message, Does.Contain("no parameter may stand twice").And.Not.Contain("secret"));
    }

    [Test]
    public void Constructor_NullCollections_NameTheArgument()
    {
        Assert.That(Assert.Throws<ArgumentNullException>(() => _ = new TokenRequest(null, null!, None))?.ParamName, Is.EqualTo("resources"));
        Assert.That(Assert.Throws<ArgumentNullException>(() => _ = new TokenRequest(null, [], null!))?.ParamName, Is.EqualTo("parameters"));
    }

    [Test]
    public void Constructor_ArrayChangedLater_KeepsItsCopy()
    {
        string[] resources = ["https://a.example"];
        var request = new TokenRequest(null, resources);

        resources[0] = "https://b.example";

        Assert.That(request.Resources, Is.EqualTo(new[] { "https://a.example" }));
    }

    [Test(Description = "CVE-2023-30610: parameters may hold secrets")]
    public void ToString_AnyRequest_ShowsNoParameter()
    {
        var request = new TokenRequest("read write", ["https://a.example"], [new("assertion", "top-secret"), new("pin", "1234")]);

        Assert.That(request.ToString(), Is.EqualTo("TokenRequest { Scope = read write, Resources = [https://a.example], Parameters = 2 }"));
        Assert.That(new TokenRequest(null).ToString(), Is.EqualTo("TokenRequest { Scope = (default), Resources = [], Parameters = 0 }"));
    }

    [Test]
    public void WithDefaults_PartsLeftOut_AreFilledInAndOthersKept()
    {
        var defaults = new TokenRequest("read", ["https://a.example"], [new("a", "1"), new("b", "2")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new TokenRequest(null).WithDefaults(defaults), Is.EqualTo(defaults));
            Assert.That(new TokenRequest("write").WithDefaults(defaults), Is.EqualTo(new TokenRequest("write", ["https://a.example"], [new("a", "1"), new("b", "2")])));
            Assert.That(
                new TokenRequest(null, ["https://b.example"], [new("b", "3")]).WithDefaults(defaults),
                Is.EqualTo(new TokenRequest("read", ["https://b.example"], [new("a", "1"), new("b", "3")])));
        }
    }

    [Test]
    public void WithDefaults_NothingToAdd_IsTheSameInstance()
    {
        var request = new TokenRequest("write", "https://b.example");

        Assert.That(request.WithDefaults(new TokenRequest("read", "https://a.example")), Is.SameAs(request));
    }
}
