using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Faults;

public sealed class SpidFaultsTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Next_Count_HitsThatManyRequestsToThatEndpointInOrder()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(500), count: 2);
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(503));

        Assert.That((await GetAsync("oauth/jwks")).Status, Is.EqualTo(200));
        Assert.That(await StatusesAsync(4), Is.EqualTo(new[] { 500, 500, 503, 200 }));
    }

    [Test]
    public async Task Always_Set_HitsEveryRequestUntilCleared()
    {
        await StartAsync();
        Spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(500));
        Spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(503));
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(502));
        Assert.That(await StatusesAsync(3), Is.EqualTo(new[] { 502, 503, 503 }));

        Spid.Faults.Clear();

        Assert.That(await StatusesAsync(1), Is.EqualTo(new[] { 200 }));
    }

    [Test]
    public async Task Clear_OneEndpoint_LeavesTheOthers()
    {
        await StartAsync();
        Spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(500));
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(500));
        Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));

        Spid.Faults.Clear(SpidEndpoint.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await StatusesAsync(1), Is.EqualTo(new[] { 200 }));
            Assert.That((await GetAsync("oauth/jwks")).Status, Is.EqualTo(500));
        }
    }

    private async Task<int[]> StatusesAsync(int count)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            statuses[i] = (await TokenAsync()).Status;
        }

        return statuses;
    }
}
