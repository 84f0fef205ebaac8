using Spid.Testing.Tests.Transport;
using Spid.Testing.Tokens;

namespace Spid.Testing.Tests.Tokens;

public sealed class RevocationTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Revoke_OneToken_EndsThatOneOnly()
    {
        await StartAsync();
        var first = Spid.Issue();
        var second = Spid.Issue();

        var known = Spid.Revoke(first);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(known, Is.True);
            Assert.That(Spid.Revoke(first), Is.False);
            Assert.That(await IsActiveAsync(first), Is.False);
            Assert.That(await StatusAsync(first), Is.EqualTo(404));
            Assert.That(await IsActiveAsync(second), Is.True);
            Assert.That(await StatusAsync(second), Is.EqualTo(200));
        }
    }

    [Test]
    public async Task RevokeAll_Client_EndsItsTokensAndNoOthers()
    {
        await StartAsync();
        var other = Spid.Clients.Add(new SpidClientRegistration());
        var mine = new[] { Spid.Issue(), (await TokenAsync()).AccessToken!, (await LegacyTokenAsync()).AccessToken! };
        var theirs = Spid.Issue(new() { ClientId = other.ClientId });

        var count = Spid.RevokeAll(Spid.ClientId);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(count, Is.EqualTo(3));
            foreach (var token in mine)
            {
                Assert.That(await StatusAsync(token), Is.EqualTo(404));
            }

            Assert.That(await StatusAsync(theirs), Is.EqualTo(200));
        }
    }

    [TestCase(SpidSignature.None)]
    [TestCase(SpidSignature.Corrupt)]
    [TestCase(SpidSignature.ForeignKey)]
    [TestCase(SpidSignature.PublicKeyAsSecret)]
    public async Task Introspect_BadlySignedToken_IsInactive(SpidSignature signature)
    {
        await StartAsync();

        Assert.That(await IsActiveAsync(Spid.Issue(new() { Signature = signature })), Is.False);
    }

    [Test]
    public async Task Issue_ThousandsOfExpiredTokens_AreForgottenAndTheLivingStay()
    {
        await StartAsync();
        var living = Spid.Issue(new() { Kind = SpidTokenKind.Opaque });
        var expired = Spid.Issue(new() { Kind = SpidTokenKind.Opaque, Lifetime = TimeSpan.Zero });

        for (var i = 0; i < 1024; i++)
        {
            Spid.Issue(new() { Kind = SpidTokenKind.Opaque, Lifetime = TimeSpan.Zero });
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await StatusAsync(living), Is.EqualTo(200));
            Assert.That(Spid.Revoke(expired), Is.False);
        }
    }

    private async Task<bool> IsActiveAsync(string token) => (await IntrospectAsync(token)).Json.GetProperty("active").GetBoolean();

    private async Task<int> StatusAsync(string token) => (await GetAsync($"api/2/token/{token}/authentication")).Status;
}
