using CsCheck;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Settings;

internal sealed class ClientSettingsTests
{
    private static readonly Uri[] Authorities = [new("https://a.example"), new("https://a.example/"), new("https://a.example:8443"), new("https://a.example/A"), new("https://a.example/a"), new("https://b.example"), new("http://localhost")];
    private static readonly string[] Texts = ["a", "b", "A", "ab", "a:b", "::", "1", "11", "é", "e\u0301", "\ud800", "\ud801", "\ufffd", "a b", "😀"];
    private static readonly string[] Secondaries = ["", "a", "b", "ab"];

    private static readonly Gen<Parts> AnyParts = Gen.Select(
        Samples.OneOf(Authorities), Samples.OneOf(Texts), Samples.OneOf(Texts), Samples.OneOf(Secondaries), Gen.Int[0, 2],
        (authority, id, secret, secondary, authentication) => new Parts(authority, id, secret, secondary, (SpidClientAuthentication)authentication));

    private static readonly Gen<(Parts, Parts)> Pairs = Gen.Select(AnyParts, AnyParts, Gen.Int[0, 6], (one, other, relation) => (one, relation switch
    {
        0 => other,
        1 => one with { },
        2 => one with { Authority = other.Authority },
        3 => one with { Id = other.Id },
        4 => one with { Secret = other.Secret },
        5 => one with { Secondary = other.Secondary },
        _ => one with { Authentication = other.Authentication },
    }));

    [Test(Description = "C3 S5: a snapshot equals another exactly when authority, id, secrets and authentication do")]
    public void Equals_GeneratedPairs_AgreesWithTheParts()
    {
        int equal = 0;

        Samples.Check(
            Pairs,
            50_000,
            pair =>
            {
                ClientSettings one = pair.Item1.Create();
                ClientSettings other = pair.Item2.Create();
                bool same = pair.Item1.Normalised() == pair.Item2.Normalised();
                equal += same ? 1 : 0;
                return one.Equals(other) == same && (!same || one.GetHashCode() == other.GetHashCode());
            },
            pair => $"{pair.Item1} and {pair.Item2}");

        Assert.That(equal, Is.InRange(5_000, 45_000), "Pairs of both sorts are needed.");
    }

    public static IEnumerable<TestCaseData> Changes() =>
    [
        Change("secondary secret", options => options.SecondaryClientSecret = "other"),
        Change("scope", options => options.Scope = "other"),
        Change("resources", options => options.Resources.Add("https://a.example")),
        Change("parameters", options => options.Parameters["a"] = "b"),
        Change("X-OIDC", options => options.SendOidcHeader = false),
        Change("environment", options => options.Environment = SpidEnvironment.Norway),
        Change("token endpoint", options => options.TokenEndpoint = new Uri("https://identity-pre.schibsted.com/connect/token")),
        Change("registration endpoint", options => options.RegistrationEndpoint = new Uri("https://identity-pre.schibsted.com/connect/register")),
        Change("cache entries", options => options.Cache.MaximumEntries = 1),
        Change("refresh", options => options.Cache.RefreshAfter = 0.5),
        Change("jitter", options => options.Cache.RefreshJitter = 0),
        Change("margin", options => options.Cache.ExpiryMargin = TimeSpan.Zero),
        Change("pause", options => options.Cache.RenewalPause = TimeSpan.FromSeconds(2)),
        Change("timeout", options => options.Resilience.Timeout = TimeSpan.FromSeconds(20)),
        Change("attempt", options => options.Resilience.AttemptTimeout = TimeSpan.FromSeconds(1)),
        Change("requests at once", options => options.Resilience.MaximumConcurrency = 5),
        Change("retries", options => options.Resilience.RetryAttempts = 5),
        Change("backoff", options => options.Resilience.BackoffBase = TimeSpan.FromSeconds(2)),
        Change("backoff maximum", options => options.Resilience.BackoffMaximum = TimeSpan.FromSeconds(2)),
        Change("retry after", options => options.Resilience.MaximumRetryAfter = TimeSpan.FromSeconds(2)),
        Change("memory", options => options.Resilience.ConfigurationErrorMemory = TimeSpan.FromSeconds(2)),
        Change("break", options => options.Resilience.BreakDuration = TimeSpan.FromSeconds(2)),
    ];

    [TestCaseSource(nameof(Changes))]
    public void Equals_OneOptionChanged_IsFalse(Action<SpidClientOptions> change)
    {
        SpidClientOptions options = MockSpid.Options();
        ClientSettings before = ClientSettings.From("", options);

        change(options);

        Assert.That(ClientSettings.From("", options), Is.Not.EqualTo(before));
    }

    [Test]
    public void Equals_SameOptionsTwice_IsTrue()
    {
        ClientSettings one = ClientSettings.From("n", MockSpid.Options());
        ClientSettings other = ClientSettings.From("n", MockSpid.Options());

        Assert.That(one, Is.EqualTo(other).And.Not.SameAs(other));
    }

    [Test]
    public void Equals_PlainHttpAllowed_IsTrueAsNoTokenDependsOnIt()
    {
        SpidClientOptions options = MockSpid.Options();
        ClientSettings before = ClientSettings.From("", options);

        options.AllowPlainHttp = true;

        Assert.That(ClientSettings.From("", options), Is.EqualTo(before));
    }

    [TestCase("https://spid.example/connect/token", "https://spid.example/connect/TOKEN")]
    [TestCase("https://spid.example/token?policy=one", "https://spid.example/token?policy=two")]
    [TestCase("https://spid.example/token", "https://spid.example/token/")]
    [TestCase("https://spid.example/token", "http://spid.example/token")]
    public void Equals_TokenEndpointsThatDifferALittle_IsFalse(string one, string other) =>
        Assert.That(WithTokenEndpoint(one), Is.Not.EqualTo(WithTokenEndpoint(other)));

    [TestCase("https://spid.example/oauth2/default", "https://spid.example/oauth2/default/oauth/token", "https://spid.example/oauth2/default/oauth/register")]
    [TestCase("https://spid.example/oauth2/default/", "https://spid.example/oauth2/default/oauth/token", "https://spid.example/oauth2/default/oauth/register")]
    [TestCase("https://spid.example:8443", "https://spid.example:8443/oauth/token", "https://spid.example:8443/oauth/register")]
    public void From_Authority_GivesEndpointsBelowItsPath(string authority, string token, string registration)
    {
        SpidClientOptions options = MockSpid.Options();
        (options.Environment, options.Authority) = (null, new Uri(authority));

        var settings = ClientSettings.From("", options);

        Assert.That((settings.TokenEndpoint.AbsoluteUri, settings.RegistrationEndpoint.AbsoluteUri), Is.EqualTo((token, registration)));
    }

    [TestCase(SpidEnvironment.International, "https://login.schibsted.com/oauth/token")]
    [TestCase(SpidEnvironment.Norway, "https://payment.schibsted.no/oauth/token")]
    [TestCase(SpidEnvironment.Finland, "https://login.schibsted.fi/oauth/token")]
    [TestCase(SpidEnvironment.Denmark, "https://login.schibsted.dk/oauth/token")]
    [TestCase(SpidEnvironment.PreProduction, "https://identity-pre.schibsted.com/oauth/token")]
    [Test(Description = "spid.md section 2")]
    public void From_Environment_GivesItsTokenEndpoint(SpidEnvironment environment, string endpoint)
    {
        SpidClientOptions options = MockSpid.Options();
        options.Environment = environment;

        Assert.That(ClientSettings.From("", options).TokenEndpoint.AbsoluteUri, Is.EqualTo(endpoint));
    }

    private static ClientSettings WithTokenEndpoint(string endpoint)
    {
        SpidClientOptions options = MockSpid.Options();
        options.TokenEndpoint = new Uri(endpoint);
        return ClientSettings.From("", options);
    }

    private static TestCaseData Change(string name, Action<SpidClientOptions> change) => new TestCaseData(change).SetArgDisplayNames(name);

    private sealed record Parts(Uri Authority, string Id, string Secret, string Secondary, SpidClientAuthentication Authentication)
    {
        public ClientSettings Create() => ClientSettings.From("", new SpidClientOptions
        {
            Authority = Authority,
            ClientId = Id,
            ClientSecret = Secret,
            SecondaryClientSecret = Secondary,
            ClientAuthentication = Authentication,
        });

        public string Normalised() => string.Concat(
            new[] { Authority.AbsoluteUri.TrimEnd('/'), Id, Secret, Secondary, Authentication.ToString() }.Select(text => $"{text.Length}:{text};"));
    }
}
