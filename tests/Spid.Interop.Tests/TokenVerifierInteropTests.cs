using Microsoft.Extensions.DependencyInjection;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.Interop.Tests;

/// <summary>The verifier against tokens of an authorization server that shares no code with it, by introspection and by key set.</summary>
[CancelAfter(300_000)]
internal sealed class TokenVerifierInteropTests
{
    private OpenIddictServer _server = null!;
    private HttpClient _http = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        _server = await OpenIddictServer.StartAsync();
        _http = _server.CreateClient();
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase(SpidVerificationMode.Local, SpidTokenSource.LocalSignature)]
    [TestCase(SpidVerificationMode.Remote, SpidTokenSource.Introspected)]
    [TestCase(SpidVerificationMode.Auto, SpidTokenSource.LocalSignature)]
    public async Task VerifyAsync_TokenForThisService_IsAccepted(SpidVerificationMode mode, SpidTokenSource source)
    {
        await using ServiceProvider services = CreateServices(mode);
        string token = await IssueAsync(OpenIddictServer.Messages);

        SpidVerificationResult result = await services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(
            token.AsMemory(), new SpidTokenRequirements { RequiredScopes = ["read:messages"] }, CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Token.ClientId, Is.EqualTo(OpenIddictServer.ClientId));
            Assert.That(result.Token.Audiences, Does.Contain(OpenIddictServer.Messages));
            Assert.That(result.Token.ExpiresAt, Is.Not.Null);
            Assert.That(result.Token.Source, Is.EqualTo(source));
        }
    }

    [TestCase(SpidVerificationMode.Local, SpidVerificationReason.WrongAudience)]
    [TestCase(SpidVerificationMode.Remote, SpidVerificationReason.NotActive, Description = "OpenIddict calls tokens for others inactive")]
    public async Task VerifyAsync_TokenForAnotherService_IsNotAccepted(SpidVerificationMode mode, SpidVerificationReason expected)
    {
        await using ServiceProvider services = CreateServices(mode);
        string token = await IssueAsync(OpenIddictServer.Payments);

        SpidVerificationResult result = await services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(token.AsMemory(), CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(expected).Or.EqualTo(SpidVerificationReason.WrongAudience));
    }

    [TestCase(SpidVerificationMode.Local, SpidVerificationReason.UnknownKey)]
    [TestCase(SpidVerificationMode.Remote, SpidVerificationReason.NotActive)]
    public async Task VerifyAsync_TokenOfAnotherServer_IsRejected(SpidVerificationMode mode, SpidVerificationReason expected)
    {
        await using OpenIddictServer other = await OpenIddictServer.StartAsync();
        using HttpClient http = other.CreateClient();
        await using ServiceProvider services = CreateServices(mode);
        string token = await IssueAsync(OpenIddictServer.Messages, http);

        SpidVerificationResult result = await services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(token.AsMemory(), CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(expected));
    }

    [Test]
    public async Task VerifyAsync_WrongCredentialsOfTheService_IsUnavailable()
    {
        await using ServiceProvider services = CreateServices(SpidVerificationMode.Remote, options => options.ClientSecret = "wrong");
        string token = await IssueAsync(OpenIddictServer.Messages);

        SpidVerificationResult result = await services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(token.AsMemory(), CancellationToken.None);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, SpidVerificationReason.CredentialsRefused)));
    }

    private async Task<string> IssueAsync(string resource, HttpClient? http = null)
    {
        using var client = new TokenClient(
            new SpidClientOptions
            {
                Authority = _server.Authority,
                ClientId = OpenIddictServer.ClientId,
                ClientSecret = OpenIddictServer.ClientSecret,
                ClientAuthentication = SpidClientAuthentication.BasicFormEncoded,
            },
            http ?? _http,
            new UnhurriedTime());
        return (await client.RequestTokenAsync(new TokenRequest("read:messages", resource))).AccessToken;
    }

    private ServiceProvider CreateServices(SpidVerificationMode mode, Action<SpidVerifierOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(new UnhurriedTime());
        services.AddSpidTokenVerifier(options =>
        {
            options.Authority = _server.Authority;
            options.Mode = mode;
            options.ClientId = OpenIddictServer.ServiceId;
            options.ClientSecret = OpenIddictServer.ServiceSecret;
            options.ClientAuthentication = SpidClientAuthentication.BasicFormEncoded;
            options.Audiences.Add(OpenIddictServer.Messages);
            configure?.Invoke(options);
        }).Backchannel.ConfigurePrimaryHttpMessageHandler(_server.CreateHandler);
        return services.BuildServiceProvider();
    }
}
