namespace Spid.Testing.Tests.Clients;

public sealed class SpidClientRegistrationTests
{
    [Test]
    public void Constructor_Defaults_HaveTheFormsOfSpid()
    {
        var client = new SpidClientRegistration();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.ClientId, Does.Match("^[0-9a-f]{24}$"));
            Assert.That(client.ClientSecret, Does.Match("^[0-9A-Za-z_-]{43}$"));
            Assert.That(client.Merchant, Is.EqualTo("merchant"));
            Assert.That(client.AllowedScopes, Is.Null);
            Assert.That(client.IssuesJwt, Is.True);
            Assert.That(client.ResourceDomains, Is.Empty);
            Assert.That(new SpidClientRegistration().ClientSecret, Is.Not.EqualTo(client.ClientSecret));
        }
    }

    [Test]
    public void ToString_Always_LeavesSecretsOut()
    {
        var client = new SpidClientRegistration { SecondarySecret = "second-secret" };

        Assert.That(client.ToString(), Does.Contain(client.ClientId).And.Not.Contain(client.ClientSecret).And.Not.Contain("second-secret"));
    }
}
