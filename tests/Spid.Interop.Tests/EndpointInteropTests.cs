using Microsoft.Extensions.DependencyInjection;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;

namespace Spid.Interop.Tests;

/// <summary>Both halves against a server whose endpoints are not where SPiD has them.</summary>
[CancelAfter(300_000)]
internal sealed class EndpointInteropTests
{
    [TestCase(SpidVerificationMode.Local, SpidTokenSource.LocalSignature)]
    [TestCase(SpidVerificationMode.Remote, SpidTokenSource.Introspected)]
    [TestCase(SpidVerificationMode.Auto, SpidTokenSource.LocalSignature)]
    public async Task VerifyAsync_EndpointsAtTheServersUsualPaths_TokenIsIssuedAndAccepted(SpidVerificationMode mode, SpidTokenSource source)
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(OpenIddictAddresses.Usual);
        OpenIddictAddresses addresses = server.Addresses;

        SpidVerificationResult result = await IssueAndVerifyAsync(
            server,
            client => client.TokenEndpoint = OpenIddictAddresses.At(addresses.Token),
            verifier => (verifier.Mode, verifier.IntrospectionEndpoint, verifier.JwksEndpoint) = (mode, OpenIddictAddresses.At(addresses.Introspection), OpenIddictAddresses.At(addresses.Keys)));

        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
        Assert.That((result.Token.ClientId, result.Token.Source), Is.EqualTo((OpenIddictServer.ClientId, source)));
    }

    [TestCase(SpidVerificationMode.Local)]
    [TestCase(SpidVerificationMode.Remote)]
    public async Task VerifyAsync_AuthorityWithAPath_NeedsNoOtherOption(SpidVerificationMode mode)
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(OpenIddictAddresses.BelowAPath);

        SpidVerificationResult result = await IssueAndVerifyAsync(server, _ => { }, verifier => verifier.Mode = mode);

        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
        Assert.That(result.Token.Issuer, Is.EqualTo("https://localhost/oauth2/default"));
    }

    [Test]
    public async Task GetTokenAsync_EndpointsAtTheServersUsualPathsAndNoOption_NamesTheOption()
    {
        await using OpenIddictServer server = await OpenIddictServer.StartAsync(OpenIddictAddresses.Usual);

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => IssueAndVerifyAsync(server, _ => { }, _ => { })))!;

        Assert.That(exception.Message, Does.Contain("https://localhost/oauth/token answered 404").And.Contain("the option of this endpoint"));
    }

    private static async Task<SpidVerificationResult> IssueAndVerifyAsync(
        OpenIddictServer server, Action<SpidClientOptions> configureClient, Action<SpidVerifierOptions> configureVerifier)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(new UnhurriedTime());
        services.AddSpidClientCredentials(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (server.Authority, OpenIddictServer.ClientId, OpenIddictServer.ClientSecret);
            (options.ClientAuthentication, options.Scope) = (SpidClientAuthentication.BasicFormEncoded, "read:messages");
            options.Resources.Add(OpenIddictServer.Messages);
            configureClient(options);
        }).Backchannel.ConfigurePrimaryHttpMessageHandler(server.CreateHandler);
        services.AddSpidTokenVerifier(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (server.Authority, OpenIddictServer.ServiceId, OpenIddictServer.ServiceSecret);
            options.ClientAuthentication = SpidClientAuthentication.BasicFormEncoded;
            options.Audiences.Add(OpenIddictServer.Messages);
            configureVerifier(options);
        }).Backchannel.ConfigurePrimaryHttpMessageHandler(server.CreateHandler);
        await using ServiceProvider provider = services.BuildServiceProvider();

        ServerToken token = await provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync();
        return await provider.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(
            token.AccessToken.AsMemory(), new SpidTokenRequirements { RequiredScopes = ["read:messages"] }, CancellationToken.None);
    }
}
