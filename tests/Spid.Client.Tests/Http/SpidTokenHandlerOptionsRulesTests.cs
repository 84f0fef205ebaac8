using Spid.Client.Http;

namespace Spid.Client.Tests.Http;

internal sealed class SpidTokenHandlerOptionsRulesTests
{
    [TestCase("api.example.com", "write an absolute https URL")]
    [TestCase("", "write an absolute https URL")]
    [TestCase("/", "write an absolute https URL")]
    [TestCase("*", "write an absolute https URL")]
    [TestCase("ftp://api.example.com", "write an absolute https URL")]
    [TestCase("localhost:5000", "write an absolute https URL")]
    [TestCase("https://api.example.com/v1", "without path, query or user info")]
    [TestCase("https://api.example.com?a", "without path, query or user info")]
    [TestCase("https://api.example.com#a", "without path, query or user info")]
    [TestCase("https://user@api.example.com", "without path, query or user info")]
    [TestCase("http://api.example.com", "plain http is for loopback only")]
    public void FindErrors_OriginThatCannotBeMeant_SaysWhatToWrite(string origin, string expected)
    {
        var options = new SpidTokenHandlerOptions { AllowedOrigins = { origin } };

        string[] errors = [.. SpidTokenHandlerOptionsRules.FindErrors(options)];

        Assert.That(errors, Has.Length.EqualTo(1));
        Assert.That(errors[0], Does.StartWith("AllowedOrigins has").And.Contains(expected));
    }

    [TestCase("https://api.example.com")]
    [TestCase("https://api.example.com:8443/")]
    [TestCase("http://localhost:5000")]
    [TestCase("http://[::1]:5000")]
    public void FindErrors_ValidOrigin_FindsNone(string origin)
    {
        var options = new SpidTokenHandlerOptions { AllowedOrigins = { origin } };

        Assert.That(SpidTokenHandlerOptionsRules.FindErrors(options), Is.Empty);
    }

    [TestCase("http://api", 0)]
    [TestCase("http://api.example.com:8080/", 0)]
    [TestCase("http://api/v1", 1)]
    [TestCase("http://user@api", 1)]
    [TestCase("ftp://api", 1)]
    public void FindErrors_PlainHttpAllowed_IsStillAnOrigin(string origin, int errors)
    {
        var options = new SpidTokenHandlerOptions { AllowPlainHttp = true, AllowedOrigins = { origin } };

        Assert.That(SpidTokenHandlerOptionsRules.FindErrors(options).Count(), Is.EqualTo(errors));
    }

    [TestCase("https://user:pa55word@api.example.com")]
    [TestCase("https://api.example.com?key=pa55word")]
    public void FindErrors_OriginWithCredentials_RepeatsNoneOfThem(string origin)
    {
        var options = new SpidTokenHandlerOptions { AllowedOrigins = { origin } };

        Assert.That(SpidTokenHandlerOptionsRules.FindErrors(options), Has.All.Not.Contains("pa55word"));
    }

    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    [TestCase(64 * 1024 * 1024, 0)]
    [TestCase((64 * 1024 * 1024) + 1, 1)]
    public void FindErrors_ReplayBufferLimit_IsHeldToItsRange(long limit, int errors)
    {
        var options = new SpidTokenHandlerOptions { ReplayBufferLimit = limit };

        Assert.That(SpidTokenHandlerOptionsRules.FindErrors(options).Count(), Is.EqualTo(errors));
    }
}
