using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Clients;

public sealed class SpidClientsTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Add_RunningServer_LetsTheClientInAtOnce()
    {
        await StartAsync();

        var client = Spid.Clients.Add(new SpidClientRegistration());

        var answer = await PostAsync("oauth/token", client, modern: true, ("grant_type", "client_credentials"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(Spid.Clients.All, Is.EquivalentTo(new[] { Spid.DefaultClient, client }));
            Assert.That(Spid.Clients.Find(client.ClientId), Is.SameAs(client));
        }
    }

    [Test]
    public async Task Add_KnownId_Throws()
    {
        await StartAsync();

        Assert.That(
            () => Spid.Clients.Add(new SpidClientRegistration { ClientId = Spid.ClientId }),
            Throws.ArgumentException.With.Message.Contains(Spid.ClientId));
    }

    [Test]
    public async Task Remove_KnownClient_EndsItsTokensToo()
    {
        await StartAsync();
        var client = Spid.Clients.Add(new SpidClientRegistration());
        var token = Spid.Issue(new() { ClientId = client.ClientId });

        var removed = Spid.Clients.Remove(client.ClientId);

        var refused = await PostAsync("oauth/token", client, modern: true, ("grant_type", "client_credentials"));
        var introspected = await IntrospectAsync(token);
        var status = await GetAsync($"api/2/token/{token}/authentication");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(removed, Is.True);
            Assert.That(Spid.Clients.Remove(client.ClientId), Is.False);
            Assert.That(refused.Status, Is.EqualTo(400));
            Assert.That(introspected.Json.GetProperty("active").GetBoolean(), Is.False);
            Assert.That(status.Status, Is.EqualTo(404));
        }
    }
}
