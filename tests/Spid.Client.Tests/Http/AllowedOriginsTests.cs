using Spid.Client.Http;

namespace Spid.Client.Tests.Http;

internal sealed class AllowedOriginsTests
{
    private static readonly string[] Own =
    [
        "https://api.example.com", "https://api.example.com/", "https://api.example.com:443/a", "HTTPS://API.EXAMPLE.COM/a",
        "https://api.example.com/../..//b", "https://api.example.com/\\b", "https://api.example.com/a?u=https://evil.example", "https://api.example.com/#@evil.example",
        "https://evil.example@api.example.com/", "https://xn--bcher-kva.example:8443/", "https://bücher.example:8443/", "https://BÜCHER.example:8443/",
        "https://[2001:db8::1]/", "https://[2001:DB8:0:0:0:0:0:1]:443/", "http://localhost:5000/a", "http://LOCALHOST:5000/",
        "http://[::1]:5001/", "https://api.example.com/%2e%2e/", "  https://api.example.com/", "wss://api.example.com/a", "wss://api.example.com:443/", "ws://localhost:5000/a",
    ];

    private static readonly string[] Foreign =
    [
        "http://api.example.com/", "https://api.example.com:444/", "https://api.example.com:80/", "http://api.example.com:443/",
        "https://api.example.com./", "https://api.example.com.evil.example/", "https://evil-api.example.com/", "https://api-example.com/",
        "https://example.com/", "https://sub.api.example.com/", "https://apiexample.com/", "https://api.example.co/",
        "https://api.example.comm/", "https://api.example.com@evil.example/", "https://api.example.com:443@evil.example/", "https://api.example.com%40evil.example/",
        "https://evil.example/https://api.example.com/", "https://evil.example\\@api.example.com/", "https://evil.example#@api.example.com/", "https://evil.example?@api.example.com/",
        "https://аpi.example.com/", "https://api。example.com.evil.example/", "https://bucher.example:8443/", "https://xn--bcher-kva.example/",
        "https://[2001:db8::2]/", "https://[2001:db8::1]:444/", "http://[2001:db8::1]/", "https://[::1]:5001/",
        "http://127.0.0.1:5000/", "http://localhost:5001/", "http://localhost/", "https://localhost:5000/",
        "http://localhost.evil.example:5000/", "http://[::1]:5000/", "http://0.0.0.0:5000/", "http://2130706433:5000/",
        "ws://api.example.com/", "ws://api.example.com:443/", "wss://api.example.com:80/", "wss://evil.example/", "wss://localhost:5000/", "ws://localhost/",
        "ftp://api.example.com/", "file://api.example.com/a", "file:///a", "mailto:a@api.example.com", "data:,api.example.com", "javascript:alert(1)",
        "https:///api.example.com.evil.example/",
    ];

    private static readonly string[] Relative = ["a", "/a", "../a", "?a", "#a", ""];

    private readonly AllowedOrigins _origins = Create(
        options =>
        {
            options.AllowedOrigins.Add("https://bücher.example:8443");
            options.AllowedOrigins.Add("https://[2001:db8::1]");
            options.AllowedOrigins.Add("http://localhost:5000");
            options.AllowedOrigins.Add("http://[::1]:5001/");
        },
        new Uri("https://api.example.com/v1/"));

    [TestCaseSource(nameof(Own))]
    public void Allows_OwnOrigin_IsTrue(string url)
    {
        bool allows = _origins.Allows(new Uri(url));

        Assert.That(allows, Is.True);
    }

    [TestCaseSource(nameof(Foreign))]
    public void Allows_ForeignOrigin_IsFalse(string url)
    {
        bool allows = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && _origins.Allows(uri);

        Assert.That(allows, Is.False);
    }

    [TestCaseSource(nameof(Relative))]
    public void Allows_NoAbsoluteUrl_IsFalse(string url) => Assert.That(_origins.Allows(new Uri(url, UriKind.Relative)), Is.False);

    [Test]
    public void Allows_NoUrl_IsFalse() => Assert.That(_origins.Allows(null), Is.False);

    [Test]
    public void Allows_UrlsOfTheCorpus_AreWhatTheyLookLike()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Own.Concat(Foreign).Concat(Relative).Distinct().Count(), Is.GreaterThanOrEqualTo(60));
            Assert.That(Foreign.Count(url => Uri.TryCreate(url, UriKind.Absolute, out _)), Is.GreaterThanOrEqualTo(40));
        }
    }

    [TestCase("https://elsewhere.example/", true)]
    [TestCase("https://127.0.0.1/", true)]
    [TestCase("http://elsewhere.example/", false)]
    [TestCase("http://localhost/", false)]
    [TestCase("ftp://elsewhere.example/", false)]
    [TestCase("wss://elsewhere.example/", true)]
    [TestCase("ws://elsewhere.example/", false)]
    [TestCase("ws://localhost/", false)]
    public void Allows_AnyHttpsOrigin_TakesHttpsAlone(string url, bool expected)
    {
        AllowedOrigins origins = Create(options => options.AllowAnyHttpsOrigin = true);

        Assert.That(origins.Allows(new Uri(url)), Is.EqualTo(expected));
    }

    [TestCase("http://api.example.com/", "http://api.example.com/a", false)]
    [TestCase("http://localhost:5000/", "http://localhost:5000/a", true)]
    [TestCase("http://127.0.0.2:5000/", "http://127.0.0.2:5000/a", true)]
    public void Allows_PlainHttpBaseAddress_IsForLoopbackOnly(string baseAddress, string url, bool expected)
    {
        AllowedOrigins origins = Create(_ => { }, new Uri(baseAddress));

        Assert.That(origins.Allows(new Uri(url)), Is.EqualTo(expected));
    }

    [TestCase("http://api:8080/", "http://api:8080/v1", true)]
    [TestCase("http://api:8080/", "http://API:8080/v1", true)]
    [TestCase("http://api:8080/", "http://api/v1", false)]
    [TestCase("http://api:8080/", "https://api:8080/v1", false)]
    [TestCase("http://api:8080/", "http://api.evil.example:8080/", false)]
    [TestCase("http://api:8080/", "http://listed/v1", true)]
    [TestCase("http://api:8080/", "http://listed:81/", false)]
    [TestCase("http://api:8080/", "http://elsewhere/", false)]
    [TestCase("http://api:8080/", "ftp://listed/", false)]
    [TestCase("http://api:8080/", "ws://api:8080/v1", true)]
    [TestCase("http://api:8080/", "ws://elsewhere/", false)]
    [TestCase("http://api:8080/", "wss://api:8080/v1", false)]
    [TestCase("https://api.example.com/", "http://api.example.com/", false, Description = "The origin that was written is the one that is meant.")]
    [TestCase("https://api.example.com/", "https://api.example.com/a", true)]
    [TestCase("ftp://api/", "ftp://api/", false)]
    public void Allows_PlainHttpAllowed_TakesTheOriginsThatAreNamed(string baseAddress, string url, bool expected)
    {
        AllowedOrigins origins = Create(
            options =>
            {
                options.AllowPlainHttp = true;
                options.AllowedOrigins.Add("http://listed");
            },
            new Uri(baseAddress));

        Assert.That(origins.Allows(new Uri(url)), Is.EqualTo(expected));
    }

    [TestCase("https://elsewhere/", true)]
    [TestCase("http://elsewhere/", false)]
    public void Allows_AnyHttpsOriginAndPlainHttpAllowed_TakesNoForeignHttpOrigin(string url, bool expected)
    {
        AllowedOrigins origins = Create(options => (options.AllowAnyHttpsOrigin, options.AllowPlainHttp) = (true, true));

        Assert.That(origins.Allows(new Uri(url)), Is.EqualTo(expected));
    }

    [Test]
    public void Refuse_PlainHttp_NamesLinesThatAllowIt()
    {
        var url = new Uri("http://api:8080/v1");

        SpidException first = Create(_ => { }).Refuse(url);
        SpidException second = Create(options => options.AllowPlainHttp = true).Refuse(url);
        AllowedOrigins followed = Create(options =>
        {
            options.AllowPlainHttp = true;
            options.AllowedOrigins.Add("http://api:8080");
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Message, Does.Contain(".AddSpidTokenHandler(o => o.AllowPlainHttp = true)"));
            Assert.That(second.Message, Does.Contain(".AddSpidTokenHandler(o => o.AllowedOrigins.Add(\"http://api:8080\"))"));
            Assert.That(followed.Allows(url), Is.True);
        }
    }

    [TestCase("https://user:pa55@elsewhere.example:8443/path?token=s3cr3t#frag", "https://elsewhere.example:8443")]
    [TestCase("https://bücher.example/a", "https://xn--bcher-kva.example")]
    [TestCase("https://[2001:db8::2]:8443/a", "https://[2001:db8::2]:8443")]
    [TestCase("https://[2001:db8::2]/a", "https://[2001:db8::2]")]
    [TestCase("http://[::1]:5000/a", "http://[::1]:5000")]
    [TestCase("http://localhost/", "http://localhost")]
    [TestCase("wss://elsewhere.example/path?access_token=s3cr3t", "https://elsewhere.example")]
    [TestCase("wss://elsewhere.example:8443/path", "https://elsewhere.example:8443")]
    [TestCase("ws://localhost:5000/path", "http://localhost:5000")]
    public void Refuse_OriginNotListed_NamesALineThatAllowsIt(string url, string origin)
    {
        SpidException refusal = Create(_ => { }).Refuse(new Uri(url));
        AllowedOrigins followed = Create(options => options.AllowedOrigins.Add(origin));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Message, Does.Contain($".AddSpidTokenHandler(o => o.AllowedOrigins.Add(\"{origin}\"))"));
            Assert.That(refusal.Message, Does.Contain("HttpClient 'client'").And.Not.Contain("pa55").And.Not.Contain("s3cr3t").And.Not.Contain("/path"));
            Assert.That(refusal.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(followed.Allows(new Uri(url)), Is.True);
        }
    }

    [TestCase("http://user:pa55@elsewhere.example/path", "http://elsewhere.example:80 is not https, and plain http is for loopback only")]
    [TestCase("http://[2001:db8::2]/", "http://[2001:db8::2]:80 is not https")]
    [TestCase("ws://elsewhere.example/path", "http://elsewhere.example:80 is not https, and plain http is for loopback only")]
    public void Refuse_PlainHttp_SaysSo(string url, string expected)
    {
        SpidException refusal = Create(_ => { }).Refuse(new Uri(url));

        Assert.That(refusal.Message, Does.Contain(expected).And.Not.Contain("pa55").And.Not.Contain("AllowedOrigins"));
    }

    [Test]
    public void Refuse_NoAbsoluteUrl_SaysSo()
    {
        SpidException refusal = Create(_ => { }).Refuse(new Uri("/secret", UriKind.Relative));

        Assert.That(refusal.Message, Is.EqualTo("The request of HttpClient 'client' was not sent with a SPiD token: it has no absolute URL."));
    }

    private static AllowedOrigins Create(Action<SpidTokenHandlerOptions> configure, Uri? baseAddress = null)
    {
        var options = new SpidTokenHandlerOptions();
        configure(options);
        return new AllowedOrigins(options, "client", isGuarded: false).With(baseAddress);
    }
}
