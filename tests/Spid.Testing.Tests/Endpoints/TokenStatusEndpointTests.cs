using System.Text.Json;
using Spid.Testing.Clients;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed class TokenStatusEndpointTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task TokenStatus_OpaqueToken_DescribesItInTheContainer()
    {
        await StartAsync();
        var token = (await LegacyTokenAsync()).AccessToken!;
        Clock.Advance(TimeSpan.FromSeconds(16));

        var answer = await GetAsync($"api/2/token/{token}/authentication");

        var data = answer.Json.GetProperty("data");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Json.GetProperty("name").GetString(), Is.EqualTo("SPP Container"));
            Assert.That(answer.Json.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(data.GetProperty("id").GetString(), Is.EqualTo(token));
            Assert.That(data.GetProperty("clientId").GetString(), Is.EqualTo(Spid.ClientId));
            Assert.That(data.GetProperty("userId").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(data.GetProperty("merchantId").GetInt32(), Is.EqualTo(46001));
            Assert.That(data.GetProperty("isAdmin").GetBoolean(), Is.False);
            Assert.That(data.GetProperty("type").GetString(), Is.EqualTo("CLIENT"));
            Assert.That(data.GetProperty("expiresIn").GetInt64(), Is.EqualTo(604784));
        }
    }

    [Test]
    public async Task TokenStatus_UserToken_NamesTheUser()
    {
        await StartAsync();

        var answer = await GetAsync($"api/2/token/{Spid.Issue(new() { Kind = SpidTokenKind.UserAccess })}/authentication");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("data").GetProperty("type").GetString(), Is.EqualTo("USER"));
            Assert.That(answer.Json.GetProperty("data").GetProperty("userId").GetString(), Is.EqualTo("12345"));
        }
    }

    [Test]
    public async Task TokenStatus_ConfiguredMerchant_ShowsItsId()
    {
        await StartAsync(options =>
        {
            options.Merchants.Add(new SpidMerchant("shop", 51000));
            options.Clients.Add(new() { ClientId = "known", Merchant = "shop" });
            options.Clients.Add(new() { ClientId = "next", Merchant = "another" });
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await MerchantIdAsync("known"), Is.EqualTo(51000));
            Assert.That(await MerchantIdAsync("next"), Is.EqualTo(51001));
        }
    }

    [Test]
    public async Task TokenStatus_UnknownToken_Returns404Container()
    {
        await StartAsync();

        var answer = await GetAsync("api/2/token/unknown/authentication");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(404));
            Assert.That(answer.Json.GetProperty("type").GetString(), Is.EqualTo("error"));
            Assert.That(answer.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("ApiException"));
            Assert.That(answer.Json.GetProperty("data").ValueKind, Is.EqualTo(JsonValueKind.Null));
        }
    }

    [TestCase("api/2/token//authentication")]
    [TestCase("oauth//token")]
    [TestCase(".well-known/openid-configuration")]
    public async Task Route_UnknownPath_Returns404(string path)
    {
        await StartAsync();

        var answer = await GetAsync(path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(404));
            Assert.That(Spid.Requests.All[0].Endpoint, Is.EqualTo(SpidEndpoint.Unknown));
        }
    }

    private async Task<int> MerchantIdAsync(string clientId)
    {
        var answer = await GetAsync($"api/2/token/{Spid.Issue(new() { ClientId = clientId })}/authentication");
        return answer.Json.GetProperty("data").GetProperty("merchantId").GetInt32();
    }
}
