using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.Interop.Tests;

/// <summary>The verifier against a server that encrypts its tokens, and one that refuses to say anything about tokens that it does not understand.</summary>
[CancelAfter(300_000)]
internal sealed class OtherIntrospectionTests
{
    private const string Stranger = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJjbGllbnRfaWQiOiJhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2ln";

    [TestCase(SpidVerificationMode.Auto)]
    [TestCase(SpidVerificationMode.Remote)]
    [Description("B17: an encrypted token")]
    public async Task VerifyAsync_EncryptedToken_IsIntrospectedAndAccepted(SpidVerificationMode mode)
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(configure: OpenIddictServer.Encrypt);
        await using ServiceProvider services = CreateServices(server, options => (options.Mode, options.IntrospectOpaqueTokens) = (mode, true));
        ISpidTokenVerifier verifier = services.GetRequiredService<ISpidTokenVerifier>();
        string token = await IssueAsync(server);

        SpidVerificationResult result = await verifier.VerifyAsync(token.AsMemory(), new SpidTokenRequirements { RequiredScopes = ["read:messages"] });
        SpidVerificationResult altered = await verifier.VerifyAsync((token[..^1] + (token[^1] == 'A' ? 'B' : 'A')).AsMemory());

        Assert.That(token.Count(letter => letter == '.'), Is.EqualTo(4));
        Assert.That((result.Reason, altered.Reason), Is.EqualTo((SpidVerificationReason.None, SpidVerificationReason.NotActive)));
        Assert.That((result.Token.ClientId, result.Token.Source), Is.EqualTo((OpenIddictServer.ClientId, SpidTokenSource.Introspected)));
        Assert.That(result.Token.Audiences, Does.Contain(OpenIddictServer.Messages));
    }

    [Test(Description = "B17: not where opaque tokens are not")]
    public async Task VerifyAsync_EncryptedTokenWithoutTheOption_IsRefused()
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(configure: OpenIddictServer.Encrypt);
        await using ServiceProvider services = CreateServices(server, options => options.Mode = SpidVerificationMode.Remote);
        string token = await IssueAsync(server);

        SpidVerificationResult result = await services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(token.AsMemory());

        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.UnsupportedHeader));
    }

    [Test(Description = "B1: 400 to tokens of others")]
    public async Task VerifyAsync_ServerAnswers400ToWhatItDoesNotUnderstand_GoodTokensAreAccepted()
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(configure: OpenIddictServer.RefuseWhatIsNotUnderstood);
        await using ServiceProvider services = CreateServices(server, options => options.Mode = SpidVerificationMode.Remote);
        ISpidTokenVerifier verifier = services.GetRequiredService<ISpidTokenVerifier>();
        for (int number = 0; number < 20; number++)
        {
            SpidVerificationResult refused = await verifier.VerifyAsync($"{Stranger}{number:0000}".AsMemory());
            Assert.That((refused.Status, refused.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, SpidVerificationReason.IntrospectionFailed)));
        }

        SpidVerificationResult result = await verifier.VerifyAsync((await IssueAsync(server)).AsMemory());

        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
        Assert.That(await HealthAsync(services), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test(Description = "B4: 400 to the made-up token of the self test")]
    public async Task StartAsync_ServerAnswers400ToWhatItDoesNotUnderstand_SelfTestDoesNoHarm()
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(configure: OpenIddictServer.RefuseWhatIsNotUnderstood);
        await using ServiceProvider services = CreateServices(server, options => (options.Mode, options.SelfTest) = (SpidVerificationMode.Remote, true));

        foreach (IHostedLifecycleService service in services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        Assert.That(await HealthAsync(services), Is.EqualTo(HealthStatus.Healthy));
        SpidVerificationResult result = await services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync((await IssueAsync(server)).AsMemory());
        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
    }

    private static async Task<HealthStatus> HealthAsync(ServiceProvider services) => (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    private static async Task<string> IssueAsync(OpenIddictServer server)
    {
        using HttpClient http = server.CreateClient();
        using var client = new TokenClient(
            new SpidClientOptions
            {
                Authority = server.Authority,
                ClientId = OpenIddictServer.ClientId,
                ClientSecret = OpenIddictServer.ClientSecret,
                ClientAuthentication = SpidClientAuthentication.BasicFormEncoded,
            },
            http,
            new UnhurriedTime());
        return (await client.RequestTokenAsync(new TokenRequest("read:messages", OpenIddictServer.Messages))).AccessToken;
    }

    private static ServiceProvider CreateServices(OpenIddictServer server, Action<SpidVerifierOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(new UnhurriedTime());
        services.AddHealthChecks().AddSpidTokenVerification();
        services.AddSpidTokenVerifier(options =>
        {
            options.Authority = server.Authority;
            options.ClientId = OpenIddictServer.ServiceId;
            options.ClientSecret = OpenIddictServer.ServiceSecret;
            options.ClientAuthentication = SpidClientAuthentication.BasicFormEncoded;
            options.Audiences.Add(OpenIddictServer.Messages);
            configure(options);
        }).Backchannel.ConfigurePrimaryHttpMessageHandler(server.CreateHandler);
        return services.BuildServiceProvider();
    }
}
