using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed partial class TokenEndpointTests
{
    [Test]
    public async Task Token_RegisteredResources_RepeatsThemInAudienceInOrder()
    {
        await StartAsync(options => options.DefaultClient.ResourceDomains = ["service.example.com", "https://other.example.com:8443"]);

        var answer = await TokenAsync(("resource", "https://other.example.com:8443/"), ("resource", "https://service.example.com/messages"));

        Assert.That(
            Jwt.Read(answer.AccessToken!).Audiences,
            Is.EqualTo(new[] { "https://other.example.com:8443/", "https://service.example.com/messages" }));
    }

    [Test]
    public async Task Token_NoResource_LeavesAudienceOut()
    {
        await StartAsync();

        var answer = await TokenAsync();

        Assert.That(Jwt.Read(answer.AccessToken!).Audiences, Is.Empty);
    }

    [TestCase("https://service.example.com.evil.test/")]
    [TestCase("https://other.example.com/")]
    [TestCase("https://ports.example.com:8444/")]
    [TestCase("ftp://service.example.com/")]
    [TestCase("service.example.com")]
    [TestCase("https://service.example.com/#part")]
    [TestCase("")]
    public async Task Token_UnregisteredResource_ReturnsInvalidTarget(string resource)
    {
        await StartAsync(options => options.Clients.Add(new() { ResourceDomains = ["service.example.com", "ports.example.com:8443"] }));

        var answer = await TokenAsync(("resource", "https://service.example.com/"), ("resource", resource));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_target"));
        }
    }

    [TestCase("https://service.example.com/messages")]
    [TestCase("https://SERVICE.example.com")]
    [TestCase("http://service.example.com:5001/a?b=c")]
    public async Task Token_ResourceOfARegisteredDomain_IsAcceptedWhateverItsPath(string resource)
    {
        await StartAsync(options => options.Clients.Add(new() { ResourceDomains = ["service.example.com"] }));

        var answer = await TokenAsync(("resource", resource));

        Assert.That(Jwt.Read(answer.AccessToken!).Audiences, Is.EqualTo(new[] { resource }));
    }

    [Test]
    public async Task Token_AnyResourceAccepted_TakesUnregisteredOnes()
    {
        await StartAsync(options => options.Behavior.AcceptUnregisteredResources = true);

        var answer = await TokenAsync(("resource", "https://unknown.example.com"));

        Assert.That(Jwt.Read(answer.AccessToken!).Audiences, Is.EqualTo(new[] { "https://unknown.example.com" }));
    }

    [Test]
    public async Task Token_ClientWithoutJwt_GetsAnOpaqueTokenAndNoAudienceCheck()
    {
        await StartAsync(options => options.DefaultClient.IssuesJwt = false);

        var answer = await TokenAsync(("resource", "https://unknown.example.com"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.AccessToken, Does.Match(OpaqueToken()));
            Assert.That(answer.Json.GetProperty("expires_in").GetInt64(), Is.EqualTo(604800));
        }
    }
}
