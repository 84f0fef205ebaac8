using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Spid.Client.Protocol;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests;

/// <summary>CVE-2023-30610, GHSA-99j7-mhfh-w84p: what holds a token or secret tells nobody by accident.</summary>
internal sealed class RedactionTests
{
    public static IEnumerable<TestCaseData> Holders()
    {
        ServerToken token = Token();
        ClientSettings settings = ClientSettings.From("billing", Options());
        return
        [
            Holder(token, "ServerToken { ExpiresAt = 2026-01-01 00:00:00Z }"),
            Holder(new ServerToken(Canary.Token), "ServerToken { ExpiresAt = unknown }"),
            Holder(new CachedToken(token, default, 1, 2), "ServerToken { ExpiresAt = 2026-01-01 00:00:00Z }"),
            Holder(new FetchedToken(token, TimeSpan.FromSeconds(1), default), "ServerToken { ExpiresAt = 2026-01-01 00:00:00Z }"),
            Holder(new FetchOutcome(token, null), "ServerToken { ExpiresAt = 2026-01-01 00:00:00Z }"),
            Holder(TokenAnswer.Read(Encoding.UTF8.GetBytes($$"""{"access_token":"{{Canary.Token}}"}"""), out _)!, "TokenAnswer"),
            Holder(new ClientSecret(Canary.Secret), "(secret)"),
            Holder(settings, "SPiD client 'billing' at https://identity-pre.schibsted.com"),
            Holder(settings.Defaults, "TokenRequest { Scope = (default), Resources = [], Parameters = 1 }"),
            Holder(Options(), "Spid.Client.SpidClientOptions"),
        ];
    }

    [TestCaseSource(nameof(Holders))]
    public void ToString_HolderOfASecret_TellsNothing(object holder, string text)
    {
        Assert.That(holder.ToString(), Is.EqualTo(text));
        Assert.That($"{holder}", Is.EqualTo(text));
        Canary.AssertAbsent(text);
    }

    [TestCaseSource(nameof(Holders))]
    public void DebuggerDisplay_HolderOfASecret_ShowsItsTextFormOrLess(object holder, string text)
    {
        string? display = holder.GetType().GetCustomAttribute<DebuggerDisplayAttribute>()?.Value;

        Assert.That(display, Is.Null.Or.EqualTo("{ToString(),nq}").Or.EqualTo(text));
    }

    [TestCase(typeof(ServerToken), "AccessToken")]
    [TestCase(typeof(ServerToken), "Authorization")]
    [TestCase(typeof(SpidClientOptions), "ClientSecret")]
    [TestCase(typeof(SpidClientOptions), "SecondaryClientSecret")]
    [TestCase(typeof(SpidClientOptions), "Parameters")]
    [TestCase(typeof(TokenRequest), "Parameters")]
    [TestCase(typeof(TokenRequest), "_parameters")]
    [TestCase(typeof(ClientSecret), "_value")]
    public void DebuggerBrowsable_SecretMember_IsHidden(Type type, string member)
    {
        MemberInfo info = type.GetMember(member, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Single();

        Assert.That(info.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State, Is.EqualTo(DebuggerBrowsableState.Never));
    }

    [Test]
    public void Json_ServerToken_HasExpiryAndScopeOnly() =>
        Assert.That(JsonSerializer.Serialize(Token()), Is.EqualTo("""{"Scope":"read","ExpiresAt":"2026-01-01T00:00:00+00:00"}"""));

    [Test]
    public void Json_Options_HasNoSecretAndNoParameter()
    {
        string json = JsonSerializer.Serialize(Options());

        using (Assert.EnterMultipleScope())
        {
            Canary.AssertAbsent(json);
            Assert.That(json, Does.Contain("\"ClientId\":\"" + MockSpid.ClientId + "\""));
            Assert.That(json, Does.Not.Contain("Secret").And.Not.Contain("Parameters"));
        }
    }

    [Test]
    public void Json_InternalHolders_TellNothing()
    {
        using (Assert.EnterMultipleScope())
        {
            Canary.AssertAbsent(JsonSerializer.Serialize(new ClientSecret(Canary.Secret)));
            Canary.AssertAbsent(JsonSerializer.Serialize(new CachedToken(Token(), default, 1, 2)));
            Canary.AssertAbsent(JsonSerializer.Serialize(new FetchedToken(Token(), null, default)));
        }
    }

    [Test(Description = "V48: the header that is sent has the token")]
    public void Authorization_Token_IsTheBearerHeader()
    {
        Assert.That(Token().Authorization.ToString(), Is.EqualTo("Bearer " + Canary.Token));
        Assert.That(Token().Authorization.Scheme, Is.EqualTo("Bearer"));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("a\0")]
    [TestCase("é")]
    [Test(Description = "RFC 6749 appendix A.12")]
    public void Constructor_TokenThatCannotStandInAHeader_IsRefusedUnrepeated(string accessToken)
    {
        ArgumentException? exception = Assert.Throws<ArgumentException>(() => _ = new ServerToken(accessToken + (accessToken.Length == 0 ? "" : Canary.Token)));

        Assert.That(exception?.ParamName, Is.EqualTo("accessToken"));
        Canary.AssertAbsent(exception?.ToString());
    }

    [TestCase("a", "a", true)]
    [TestCase("a", "A", false)]
    [TestCase("a", "ab", false)]
    [Test(Description = "CVE-2026-75589, GHSA-5vw4-v588-pgv8: compared in constant time, and exactly")]
    public void Equals_Secrets_ComparesEveryCharacter(string one, string other, bool equal)
    {
        Assert.That(new ClientSecret(one).Equals(new ClientSecret(other)), Is.EqualTo(equal));
        Assert.That(new ClientSecret(one).Equals((object?)new ClientSecret(other)), Is.EqualTo(equal));
    }

    [Test]
    public void Equals_SecretsThatDifferInALoneSurrogate_IsFalse()
    {
        // Metadata holds strings in UTF-8, so these cannot be arguments of an attribute.
        Assert.That(new ClientSecret("\ud800").Equals(new ClientSecret("\ud801")), Is.False);
        Assert.That(new ClientSecret("\ud800").Equals(new ClientSecret("\ufffd")), Is.False);
    }

    [Test]
    public void Equals_SecretAndAnythingElse_IsFalse()
    {
        Assert.That(new ClientSecret("a").Equals("a"), Is.False);
        Assert.That(new ClientSecret("a").Equals(null), Is.False);
    }

    [Test(Description = "C3 S7: nothing of the configuration shows in an exception for a refused client")]
    public async Task RequestTokenAsync_EveryKindOfFailure_TellsNoParameterOrSecret()
    {
        foreach (HttpStatusCode status in new[] { HttpStatusCode.OK, HttpStatusCode.Found, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests, HttpStatusCode.InternalServerError })
        {
            using var spid = new MockSpid(options =>
            {
                options.ClientSecret = Canary.Secret;
                options.Parameters["assertion"] = Canary.Token;
            });
            spid.AnswerAlways(status, "");

            SpidException failure = await spid.FailAsync(CancellationToken.None);

            Canary.AssertAbsent(failure.ToString());
            Assert.That(failure, Is.InstanceOf<HttpRequestException>());
        }
    }

    private static SpidClientOptions Options()
    {
        SpidClientOptions options = MockSpid.Options();
        options.ClientSecret = Canary.Secret;
        options.SecondaryClientSecret = Canary.Token;
        options.Parameters["assertion"] = Canary.Secret;
        return options;
    }

    private static ServerToken Token() => new(Canary.Token, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "read");

    private static TestCaseData Holder(object holder, string text) => new TestCaseData(holder, text).SetArgDisplayNames(holder.GetType().Name, text);
}
