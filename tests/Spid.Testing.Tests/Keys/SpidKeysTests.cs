using Microsoft.IdentityModel.Tokens;
using Spid.Testing.Keys;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Keys;

public sealed class SpidKeysTests(TransportKind transport) : ServerFixture(transport)
{
    [Test]
    public async Task Rotate_Called_SignsWithANewPublishedKeyAndKeepsTheOldOnes()
    {
        await StartAsync();
        var before = Spid.Issue();

        var key = Spid.Keys.Rotate();

        var after = Spid.Issue();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spid.Keys.Current, Is.SameAs(key));
            Assert.That(await KeyIdsAsync(), Is.EqualTo(SharedKeys.All.Append(key).Select(one => one.KeyId)));
            Assert.That(Jwt.Read(after).Kid, Is.EqualTo(key.KeyId));
            Assert.That((await VerifyAsync(before)).Exception, Is.Null);
            Assert.That((await VerifyAsync(after)).Exception, Is.Null);
        }
    }

    [Test]
    public async Task SignWith_UnpublishedKey_IsUnknownUntilPublished()
    {
        await StartAsync();
        var key = new SpidSigningKey();
        Spid.Keys.SignWith(key);
        var token = Spid.Issue();
        var early = await VerifyAsync(token);

        Spid.Keys.Publish(key);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early.Exception, Is.InstanceOf<SecurityTokenSignatureKeyNotFoundException>());
            Assert.That((await VerifyAsync(token)).Exception, Is.Null);
        }
    }

    [Test]
    public async Task Publish_AheadOfUse_LeavesTheSigningKey()
    {
        await StartAsync();
        var key = new SpidSigningKey();

        Spid.Keys.Publish(key);
        Spid.Keys.Publish(key);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spid.Keys.Current, Is.SameAs(SharedKeys.All[0]));
            Assert.That(Spid.Keys.Published, Has.Count.EqualTo(3));
        }
    }

    [Test]
    public async Task Withdraw_OldKey_LeavesItsTokensActiveButUnverifiable()
    {
        await StartAsync();
        var token = Spid.Issue();
        var old = Spid.Keys.Current;
        Spid.Keys.Rotate();

        var published = Spid.Keys.Withdraw(old);

        var introspected = await IntrospectAsync(token);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(published, Is.True);
            Assert.That(Spid.Keys.Withdraw(old), Is.False);
            Assert.That((await VerifyAsync(token)).Exception, Is.InstanceOf<SecurityTokenSignatureKeyNotFoundException>());
            Assert.That(introspected.Json.GetProperty("active").GetBoolean(), Is.True);
        }
    }

    [Test]
    public async Task Current_NoConfiguredKeys_IsMadeOnceAndPublishedFirst()
    {
        await StartAsync(options => options.Keys.Clear());

        var current = Spid.Keys.Current;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spid.Keys.Current, Is.SameAs(current));
            Assert.That(Spid.Keys.Published, Has.Count.EqualTo(2));
            Assert.That(Spid.Keys.Published[0], Is.SameAs(current));
        }
    }

    [Test]
    public void ToString_Key_ShowsItsIdOnly()
    {
        var key = SharedKeys.All[0];

        Assert.That(key.ToString(), Is.EqualTo($"SpidSigningKey {key.KeyId}"));
    }

    private async Task<IEnumerable<string?>> KeyIdsAsync() =>
        (await GetAsync("oauth/jwks")).Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString());

    private async Task<TokenValidationResult> VerifyAsync(string token) => await Jwt.VerifyAsync(token, (await GetAsync("oauth/jwks")).Text);
}
