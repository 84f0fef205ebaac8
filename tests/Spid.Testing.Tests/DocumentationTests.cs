using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spid.Testing.Behavior;
using Spid.Testing.Faults;
using Spid.Testing.Keys;
using Spid.Testing.Requests;
using Spid.Testing.Tests.Transport;
using Spid.Testing.Tokens;

namespace Spid.Testing.Tests;

/// <summary>The code of docs/testing.md, compiled and run.</summary>
public sealed class DocumentationTests
{
    [Test]
    public async Task Clients_FromThePage_AreAsDescribed()
    {
        await using SpidServer spid = await SpidServer.StartAsync(options =>
        {
            options.DefaultClient = new SpidClientRegistration { ClientId = "4e8463569caf7ca019000007", ClientSecret = "foobar", AllowedScopes = ["read:messages"] };
            options.Clients.Add(new SpidClientRegistration { Merchant = "other", ResourceDomains = ["service.example.com"] });
        });

        SpidClientRegistration late = spid.Clients.Add(new SpidClientRegistration { IssuesJwt = false });
        spid.DefaultClient.RegenerateSecret();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(spid.Clients.All, Has.Count.EqualTo(3).And.Contain(late));
            Assert.That(spid.ClientSecret, Is.Not.EqualTo("foobar"));
        }
    }

    [Test]
    public async Task HttpClientFactory_FromThePage_ReachesTheServer()
    {
        await using SpidServer spid = SpidServer.Create();
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(spid.CreateHandler));
        services.AddHttpClient("any");
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("any");

        using var response = await client.GetAsync(new Uri("https://anywhere.example.com/oauth/jwks"));

        Assert.That(response.IsSuccessStatusCode, Is.True);
    }

    [Test]
    public async Task Tokens_FromThePage_AreAllIssued()
    {
        await using SpidServer spid = SpidServer.Create();

        string good = spid.Issue(new() { Scope = "read:messages", Audience = ["https://service.example.com"] });
        string expired = spid.Issue(new() { Lifetime = TimeSpan.FromMinutes(-1) });
        string idToken = spid.Issue(new() { Kind = SpidTokenKind.IdToken });
        string noScope = spid.Issue(new() { Claims = { ["scope"] = null, ["custom"] = 5 }, OmittedClaims = ["jti"] });
        string unsigned = spid.Issue(new() { Signature = SpidSignature.None });
        string confused = spid.Issue(new() { Signature = SpidSignature.PublicKeyAsSecret });
        string unknown = spid.Issue(new() { Header = { ["kid"] = "unknown" } });

        string[] tokens = [good, expired, idToken, noScope, unsigned, confused, unknown];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokens, Is.Unique);
            Assert.That(Jwt.Read(noScope).GetPayloadValue<int>("custom"), Is.EqualTo(5));
            Assert.That(Jwt.Read(noScope).TryGetClaim("jti", out _), Is.False);
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Behavior_FromThePage_HoldsTogether(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using SpidServer spid = SpidServer.Create(options => options.TimeProvider = clock);
        using HttpClient http = spid.CreateClient();
        spid.Behavior.TokenBody = SpidTokenBody.LegacyWithoutTokenType;
        spid.Behavior.ExpiresInFormat = SpidExpiresInFormat.Text;
        spid.Behavior.TokenLifetime = TimeSpan.FromSeconds(30);
        spid.Behavior.IntrospectionBody = SpidIntrospectionBody.WithNow;
        spid.Behavior.RateLimit = new SpidRateLimit(60, TimeSpan.FromMinutes(1));
        spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(503).WithRetryAfter(TimeSpan.FromSeconds(5)), count: 2);
        spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(400, SpidErrorBody.Flat, "invalid_scope"));
        spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Hang());
        spid.Faults.Clear();
        http.DefaultRequestHeaders.Authorization = Forms.Basic(spid.ClientId, spid.ClientSecret);

        using var response = await http.PostAsync(
            new Uri("oauth/token", UriKind.Relative), Forms.Content(("grant_type", "client_credentials")), cancellationToken);

        var answer = await Answer.ReadAsync(response);
        IReadOnlyList<SpidRequest> calls = await spid.Requests.WaitForAsync(SpidEndpoint.Token, count: 1, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("expires_in").GetString(), Is.EqualTo("30"));
            Assert.That(calls[0].Status, Is.EqualTo(200));
        }
    }

    [Test]
    public async Task Rotation_FromThePage_EndsWithTheEarlyKey()
    {
        await using SpidServer spid = SpidServer.Create();

        SpidSigningKey old = spid.Keys.Current;
        SpidSigningKey next = spid.Keys.Rotate();
        spid.Keys.Withdraw(old);
        var early = new SpidSigningKey();
        spid.Keys.SignWith(early);
        spid.Keys.Publish(early);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(spid.Keys.Published, Does.Contain(next).And.Not.Contain(old));
            Assert.That(spid.Keys.Current, Is.SameAs(early));
        }
    }
}
