using System.Globalization;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

/// <content>What goes over the wire: form, credentials, headers.</content>
internal sealed partial class TokenEndpointTests
{
    private const string Awkward = "a:b%c+d&e=f é€";

    [Test(Description = "V1; RFC 6749 section 3.2: the token request is a POST")]
    public async Task RequestTokenAsync_NothingButCredentials_PostsTheGrantTypeAlone(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Method, Is.EqualTo(HttpMethod.Post));
            Assert.That(sent.Uri, Is.EqualTo(new Uri(MockSpid.TokenEndpoint)));
            Assert.That(sent.Form, Is.EqualTo("grant_type=client_credentials"));
            Assert.That(sent.ContentType, Is.EqualTo("application/x-www-form-urlencoded"));
            Assert.That(sent.Header("Authorization"), Is.EqualTo(Basic));
        }
    }

    [TestCase(SpidClientAuthentication.Basic, "NGU4NDYzNTY5Y2FmN2NhMDE5MDAwMDA3OmE6YiVjK2QmZT1mIMOp4oKs")]
    [TestCase(SpidClientAuthentication.BasicFormEncoded, "NGU4NDYzNTY5Y2FmN2NhMDE5MDAwMDA3OmElM0FiJTI1YyUyQmQlMjZlJTNEZislQzMlQTklRTIlODIlQUM=")]
    [Test(Description = "RFC 6749 section 2.3.1: raw as SPiD documents it, form-encoded as the RFC has it")]
    public async Task RequestTokenAsync_AwkwardSecret_IsEncodedAsTheOptionSays(SpidClientAuthentication authentication, string credentials, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options =>
        {
            options.ClientAuthentication = authentication;
            options.ClientSecret = Awkward;
        });

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        Assert.That(sent.Header("Authorization"), Is.EqualTo("Basic " + credentials));
        Assert.That(sent.Form, Is.EqualTo("grant_type=client_credentials"));
    }

    [Test(Description = "RFC 7617: raw Basic is the base64 of id, colon and secret in UTF-8")]
    public async Task RequestTokenAsync_RawBasic_CarriesIdColonSecret(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.ClientSecret = Awkward);

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        string decoded = Encoding.UTF8.GetString(Convert.FromBase64String(sent.Header("Authorization")!["Basic ".Length..]));
        Assert.That(decoded, Is.EqualTo(MockSpid.ClientId + ":" + Awkward));
    }

    [Test(Description = "RFC 6749 section 2.3: not more than one way of authentication in a request")]
    public async Task RequestTokenAsync_BodyCredentials_SendsNoAuthorizationHeader(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options =>
        {
            options.ClientAuthentication = SpidClientAuthentication.Body;
            options.ClientSecret = Awkward;
        });

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Header("Authorization"), Is.Null);
            Assert.That(sent.Fields, Is.EquivalentTo(new[]
            {
                "grant_type=client_credentials",
                "client_id=" + MockSpid.ClientId,
                "client_secret=a%3Ab%25c%2Bd%26e%3Df+%C3%A9%E2%82%AC",
            }));
        }
    }

    [TestCase(SpidClientAuthentication.Basic)]
    [TestCase(SpidClientAuthentication.BasicFormEncoded)]
    [TestCase(SpidClientAuthentication.Body)]
    [Test(Description = "CVE-2026-55375, RFC 6749 section 2.3.1: credentials never stand in the URL, and not in two places")]
    public async Task RequestTokenAsync_AnyAuthentication_KeepsTheSecretInOnePlace(SpidClientAuthentication authentication, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options =>
        {
            options.ClientAuthentication = authentication;
            options.ClientSecret = Canary.Secret;
        });

        SentRequest sent = await spid.CaptureAsync(new TokenRequest("read", "https://a.example"), cancellationToken);

        bool inBody = authentication == SpidClientAuthentication.Body;
        using (Assert.EnterMultipleScope())
        {
            Canary.AssertAbsent(sent.Uri.AbsoluteUri);
            Assert.That(sent.Form.Split(Canary.Secret), Has.Length.EqualTo(inBody ? 2 : 1));
            Assert.That(sent.Headers.ContainsKey("Authorization"), Is.Not.EqualTo(inBody));
            Canary.AssertAbsent(string.Join('\n', sent.Headers.Where(header => header.Key != "Authorization").Select(header => header.Value)));
        }
    }

    [Test(Description = "RFC 6749 section 3.2: an empty value is left out, any other is sent once")]
    public async Task RequestTokenAsync_ExtraParameters_AreSentEncodedAndEmptyOnesLeftOut(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options =>
        {
            options.Parameters["b"] = "from options & more";
            options.Parameters["c"] = "overridden";
        });
        var request = new TokenRequest(null, [], [new("c", "from=request"), new("a ", ""), new("d", " ")]);

        SentRequest sent = await spid.CaptureAsync(request, cancellationToken);

        Assert.That(sent.Fields, Is.EqualTo(new[] { "grant_type=client_credentials", "b=from+options+%26+more", "c=from%3Drequest", "d=+" }));
    }

    [Test(Description = "V48")]
    public async Task RequestTokenAsync_AnyRequest_AsksForJsonAndNamesTheLibrary(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        string version = typeof(SpidClientOptions).Assembly.GetName().Version!.ToString(3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Header("Accept"), Is.EqualTo("application/json"));
            Assert.That(sent.Header("User-Agent"), Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"Spid.Client/{version}")));
            Assert.That(sent.Header("X-OIDC"), Is.EqualTo("v1"));
            Assert.That(sent.Headers.Keys, Is.EquivalentTo(new[] { "Accept", "Authorization", "User-Agent", "X-OIDC" }));
        }
    }

    [Test(Description = "V48: X-OIDC off")]
    public async Task RequestTokenAsync_OidcHeaderOff_SendsNone(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.SendOidcHeader = false);

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        Assert.That(sent.Headers.ContainsKey("X-OIDC"), Is.False);
    }

    [TestCase("https://spid.example", "https://spid.example/oauth/token")]
    [TestCase("https://spid.example/", "https://spid.example/oauth/token")]
    [TestCase("https://spid.example:8443/base/", "https://spid.example:8443/base/oauth/token")]
    [TestCase("http://localhost:8080/a/b", "http://localhost:8080/a/b/oauth/token")]
    public async Task RequestTokenAsync_AuthorityWithSlashOrPath_AppendsTheEndpoint(string authority, string endpoint, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options =>
        {
            options.Environment = null;
            options.Authority = new Uri(authority);
        });

        SentRequest sent = await spid.CaptureAsync(null, cancellationToken);

        Assert.That(sent.Uri.AbsoluteUri, Is.EqualTo(endpoint));
    }
}
