using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Settings;

/// <summary>Where a verifier asks, and when its options count as changed.</summary>
internal sealed class VerifierSettingsTests
{
    public static IEnumerable<TestCaseData> Endpoints() =>
    [
        Change("introspection", options => options.IntrospectionEndpoint = new Uri("https://x.example.com/introspect")),
        Change("keys", options => options.JwksEndpoint = new Uri("https://x.example.com/keys")),
        Change("look-up", options => options.LookUpEndpoint = new Uri("https://x.example.com/lookup")),
        Change("token", options => options.TokenEndpoint = new Uri("https://x.example.com/token")),
    ];

    [TestCase("https://spid.example.com/oauth2/default")]
    [TestCase("https://spid.example.com/oauth2/default/")]
    public void From_AuthorityWithAPath_EndpointsAndIssuerAreBelowIt(string authority)
    {
        VerifierSettings settings = From(options => (options.Environment, options.Authority) = (null, new Uri(authority)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.IntrospectionEndpoint.AbsoluteUri, Is.EqualTo("https://spid.example.com/oauth2/default/oauth/introspect"));
            Assert.That(settings.JwksEndpoint.AbsoluteUri, Is.EqualTo("https://spid.example.com/oauth2/default/oauth/jwks"));
            Assert.That(settings.LookUpEndpoint.AbsoluteUri, Is.EqualTo("https://spid.example.com/oauth2/default/api/2/token"));
            Assert.That(settings.TokenEndpoint.AbsoluteUri, Is.EqualTo("https://spid.example.com/oauth2/default/oauth/token"));
            Assert.That(settings.Issuers, Is.EqualTo(new[] { "https://spid.example.com/oauth2/default" }));
        }
    }

    [Test]
    public void From_EndpointsOfTheirOwn_AreUsedAndTheIssuerStaysTheAuthority()
    {
        VerifierSettings settings = From(options =>
        {
            (options.IntrospectionEndpoint, options.JwksEndpoint) = (new Uri("https://a.example.com/introspect?code=1"), new Uri("https://b.example.com/keys/"));
            (options.LookUpEndpoint, options.TokenEndpoint) = (new Uri("https://c.example.com/lookup/"), new Uri("https://d.example.com/token"));
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.IntrospectionEndpoint.AbsoluteUri, Is.EqualTo("https://a.example.com/introspect?code=1"));
            Assert.That(settings.JwksEndpoint.AbsoluteUri, Is.EqualTo("https://b.example.com/keys/"));
            Assert.That(settings.LookUpEndpoint.AbsoluteUri, Is.EqualTo("https://c.example.com/lookup"));
            Assert.That(settings.TokenEndpoint.AbsoluteUri, Is.EqualTo("https://d.example.com/token"));
            Assert.That(settings.Issuers, Is.EqualTo(new[] { "https://identity-pre.schibsted.com" }));
        }
    }

    [TestCaseSource(nameof(Endpoints))]
    public void IsSameAs_EndpointChanged_IsFalse(Action<SpidVerifierOptions> change) => Assert.That(From(change).IsSameAs(From(_ => { })), Is.False);

    [Test]
    public void IsSameAs_PlainHttpAllowed_IsTrueAsNothingThatIsRememberedDependsOnIt() =>
        Assert.That(From(options => options.AllowPlainHttp = true).IsSameAs(From(_ => { })), Is.True);

    private static VerifierSettings From(Action<SpidVerifierOptions> configure)
    {
        SpidVerifierOptions options = VerifierRig.CreateOptions();
        configure(options);
        return VerifierSettings.From("api", options);
    }

    private static TestCaseData Change(string name, Action<SpidVerifierOptions> change) => new TestCaseData(change).SetArgDisplayNames(name);
}
