using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Endpoints;

public sealed class JwksEndpointTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Jwks_FreshServer_PublishesTwoRsaKeysWithoutPrivateParts()
    {
        await StartAsync(options => options.Keys.Clear());

        var answer = await GetAsync("oauth/jwks");

        var keys = answer.Json.GetProperty("keys").EnumerateArray().ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(keys, Has.Count.EqualTo(2));
            foreach (var key in keys)
            {
                Assert.That(key.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[] { "kty", "alg", "kid", "use", "n", "e" }));
                Assert.That(key.GetProperty("kty").GetString(), Is.EqualTo("RSA"));
                Assert.That(key.GetProperty("alg").GetString(), Is.EqualTo("RS256"));
                Assert.That(key.GetProperty("use").GetString(), Is.EqualTo("sig"));
                Assert.That(key.GetProperty("e").GetString(), Is.EqualTo("AQAB"));
                Assert.That(Guid.TryParse(key.GetProperty("kid").GetString(), out _), Is.True);
            }
        }
    }

    [Test]
    public async Task Jwks_IssuedToken_VerifiesAgainstThePublishedKey()
    {
        await StartAsync();
        var token = (await TokenAsync()).AccessToken!;

        var jwks = await GetAsync("oauth/jwks");

        var result = await Jwt.VerifyAsync(token, jwks.Text);
        Assert.That(result.Exception, Is.Null);
    }

    [Test]
    public async Task Jwks_ConfiguredKeys_PublishesTheseAndSignsWithTheFirst()
    {
        await StartAsync();
        var token = (await TokenAsync()).AccessToken!;

        var jwks = await GetAsync("oauth/jwks");

        var ids = jwks.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ids, Is.EqualTo(SharedKeys.All.Select(key => key.KeyId)));
            Assert.That(Jwt.Read(token).Kid, Is.EqualTo(SharedKeys.All[0].KeyId));
        }
    }
}
