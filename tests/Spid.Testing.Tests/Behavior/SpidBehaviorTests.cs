using System.Text.Json;
using Spid.Testing.Behavior;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Behavior;

public sealed class SpidBehaviorTests(TransportKind transport) : ServerFixture(transport)
{
    [TestCase(SpidTokenBody.LegacyWithoutTokenType, 604800, "access_token,scope,user_id,is_admin,refresh_token,server_time,expires_in")]
    [TestCase(SpidTokenBody.Legacy, 604800, "access_token,scope,user_id,is_admin,refresh_token,server_time,token_type,expires_in")]
    [TestCase(SpidTokenBody.LegacyUser, 604800, "access_token,scope,user_id,is_admin,refresh_token,server_time,token_type,expires_in")]
    [TestCase(SpidTokenBody.Jwt, 900, "access_token,scope,token_type,expires_in")]
    [TestCase(SpidTokenBody.Mixed, 600, "access_token,scope,user_id,is_admin,refresh_token,server_time,token_type,id_token,expires_in")]
    [TestCase(SpidTokenBody.Minimal, 900, "access_token,token_type,expires_in")]
    [TestCase(SpidTokenBody.WithoutAccessToken, 900, "token_type,expires_in")]
    public async Task TokenBody_Shape_HasItsFieldsAndLifetime(SpidTokenBody shape, int seconds, string names)
    {
        await StartAsync(options => options.Behavior.TokenBody = shape);

        var answer = await TokenAsync(("scope", "read"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Names(), Is.EquivalentTo(names.Split(',')));
            Assert.That(answer.Json.GetProperty("expires_in").ToString(), Is.EqualTo($"{seconds}"));
        }
    }

    [Test]
    public async Task TokenBody_EmptyObject_IsEmpty()
    {
        await StartAsync(options => options.Behavior.TokenBody = SpidTokenBody.EmptyObject);

        Assert.That((await TokenAsync()).Text, Is.EqualTo("{}"));
    }

    [Test]
    public async Task TokenBody_LegacyUser_HasDigitsAndScope()
    {
        await StartAsync(options => options.Behavior.TokenBody = SpidTokenBody.LegacyUser);

        var answer = await TokenAsync(("scope", "profile email"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("user_id").GetString(), Is.EqualTo("12345"));
            Assert.That(answer.Json.GetProperty("scope").GetString(), Is.EqualTo("profile email"));
        }
    }

    [Test]
    public async Task TokenBody_Mixed_CarriesThreeJwts()
    {
        await StartAsync(options => options.Behavior.TokenBody = SpidTokenBody.Mixed);

        var answer = await LegacyTokenAsync(("scope", "read"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Jwt.Read(answer.AccessToken!).GetClaim("scope").Value, Is.EqualTo("read"));
            Assert.That(Jwt.Read(answer.Json.GetProperty("id_token").GetString()!).GetClaim("class").Value, Is.EqualTo("token.IDToken"));
            Assert.That(Jwt.Read(answer.Json.GetProperty("refresh_token").GetString()!).Alg, Is.EqualTo("HS256"));
        }
    }

    [TestCase(SpidTokenBody.Automatic, SpidExpiresInFormat.Number, JsonValueKind.Number)]
    [TestCase(SpidTokenBody.Automatic, SpidExpiresInFormat.Text, JsonValueKind.String)]
    [TestCase(SpidTokenBody.Minimal, SpidExpiresInFormat.Automatic, JsonValueKind.String)]
    [TestCase(SpidTokenBody.Minimal, SpidExpiresInFormat.Number, JsonValueKind.Number)]
    [TestCase(SpidTokenBody.Automatic, SpidExpiresInFormat.Omitted, JsonValueKind.Undefined)]
    public async Task ExpiresInFormat_Value_DecidesTheJsonType(SpidTokenBody body, SpidExpiresInFormat format, JsonValueKind kind)
    {
        await StartAsync(options =>
        {
            options.Behavior.TokenBody = body;
            options.Behavior.ExpiresInFormat = format;
        });

        var answer = await TokenAsync();

        Assert.That(answer.Json.TryGetProperty("expires_in", out var value) ? value.ValueKind : default, Is.EqualTo(kind));
    }

    [TestCase(28 * 86400)]
    [TestCase(0)]
    [TestCase(-5)]
    public async Task TokenLifetime_Set_HoldsForBodyAndToken(int seconds)
    {
        await StartAsync();
        Spid.Behavior.TokenLifetime = TimeSpan.FromSeconds(seconds);

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("expires_in").GetInt64(), Is.EqualTo(seconds));
            Assert.That(Jwt.Read(answer.AccessToken!).GetPayloadValue<long>("exp"), Is.EqualTo(Clock.GetUtcNow().ToUnixTimeSeconds() + seconds));
        }
    }

    [Test]
    public async Task EditTokenBody_Set_HasTheLastWord()
    {
        await StartAsync(options => options.Behavior.EditTokenBody = body => body["token_type"] = "mac");

        Assert.That((await TokenAsync()).Json.GetProperty("token_type").GetString(), Is.EqualTo("mac"));
    }

    [Test]
    public async Task Backend_Forced_OverridesTheHeader()
    {
        await StartAsync(options => options.Behavior.Backend = SpidBackend.Modern);
        var modern = await LegacyTokenAsync();
        Spid.Behavior.Backend = SpidBackend.Legacy;

        var legacy = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(modern.Json.GetProperty("expires_in").GetInt32(), Is.EqualTo(900));
            Assert.That(legacy.Json.GetProperty("expires_in").GetInt32(), Is.EqualTo(604800));
        }
    }

    [Test]
    public async Task RateLimit_Exceeded_Answers420UntilTheWindowEnds()
    {
        await StartAsync(options => options.Behavior.RateLimit = new SpidRateLimit(2, TimeSpan.FromMinutes(1)));
        await TokenAsync();
        await TokenAsync();
        Clock.Advance(TimeSpan.FromSeconds(20.5));

        var refused = await TokenAsync();
        var elsewhere = await GetAsync("oauth/jwks");
        Clock.Advance(TimeSpan.FromSeconds(39.5));
        var later = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Status, Is.EqualTo(420));
            Assert.That(refused.Json.GetProperty("request").GetProperty("reset").GetInt32(), Is.EqualTo(40));
            Assert.That(refused.Json.GetProperty("request").GetProperty("limit").GetInt32(), Is.EqualTo(2));
            Assert.That(refused.Json.GetProperty("request").GetProperty("remaining").GetInt32(), Is.Zero);
            Assert.That(elsewhere.Status, Is.EqualTo(200));
            Assert.That(later.Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task RateLimit_Replaced_StartsAgain()
    {
        await StartAsync(options => options.Behavior.RateLimit = new SpidRateLimit(0, TimeSpan.FromMinutes(1)));
        var refused = await TokenAsync();
        Spid.Behavior.RateLimit = new SpidRateLimit(1, TimeSpan.FromMinutes(1));
        var passed = await TokenAsync();
        Spid.Behavior.RateLimit = null;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Status, Is.EqualTo(420));
            Assert.That(passed.Status, Is.EqualTo(200));
            Assert.That((await TokenAsync()).Status, Is.EqualTo(200));
        }
    }
}
