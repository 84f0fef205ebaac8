using System.Collections.Specialized;
using System.Text;
using System.Web;
using Spid.Client;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Introspection;

/// <content>What is sent.</content>
internal sealed partial class IntrospectionClientTests
{
    [TestCase(SpidClientAuthentication.Basic, "NGU4NDYzNTY5Y2FmN2NhMDE5MDAwMDA3OnM6ZWMlcmUrdCDDpA==")]
    [TestCase(SpidClientAuthentication.BasicFormEncoded, "NGU4NDYzNTY5Y2FmN2NhMDE5MDAwMDA3OnMlM0FlYyUyNXJlJTJCdCslQzMlQTQ=")]
    public async Task TryIntrospect_SecretWithReservedCharacters_IsSentInTheChosenEncoding(SpidClientAuthentication authentication, string expected)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.ClientSecret, options.ClientAuthentication) = (SpidVerificationMode.Remote, "s:ec%re+t ä", authentication));

        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        string parameter = rig.Spid.Requests.Single().Message.Headers.Authorization!.Parameter!;
        Assert.That(Encoding.UTF8.GetString(Convert.FromBase64String(parameter)), Is.EqualTo(Encoding.UTF8.GetString(Convert.FromBase64String(expected))));
    }

    [Test]
    public async Task TryIntrospect_Request_IsAFormWithTokenAndHint(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);

        (HttpRequestMessage message, string body) = rig.Spid.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Method, Is.EqualTo(HttpMethod.Post));
            Assert.That(message.RequestUri, Is.EqualTo(new Uri("https://identity-pre.schibsted.com/oauth/introspect")));
            Assert.That(body, Is.EqualTo($"token={token}&token_type_hint=access_token"));
            Assert.That(message.Headers.GetValues("X-OIDC"), Is.EqualTo(new[] { "v1" }));
            Assert.That(message.Headers.Accept.ToString(), Is.EqualTo("application/json"));
            Assert.That(message.Headers.UserAgent.ToString(), Does.StartWith("Spid.ResourceServer/"));
        }
    }

    [Test]
    public async Task TryIntrospect_AuthenticationInTheBody_SendsNoHeader(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options =>
            (options.Mode, options.ClientSecret, options.ClientAuthentication) = (SpidVerificationMode.Remote, "s:ec%re+t ä", SpidClientAuthentication.Body));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);

        (HttpRequestMessage message, string body) = rig.Spid.Requests.Single();
        NameValueCollection form = HttpUtility.ParseQueryString(body);
        Assert.That(message.Headers.Authorization, Is.Null);
        Assert.That((form["client_id"], form["client_secret"], form["token"]), Is.EqualTo((Forge.ClientId, "s:ec%re+t ä", token)));
    }

    [TestCase(true, SpidVerificationMode.Remote)]
    [TestCase(true, SpidVerificationMode.Auto)]
    [TestCase(false, SpidVerificationMode.Remote)]
    [TestCase(false, SpidVerificationMode.Auto)]
    public async Task SendOidcHeader_IntrospectionAndKeySet_CarryItOrNot(bool isSent, SpidVerificationMode mode)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.SendOidcHeader) = (mode, isSent));

        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        HttpRequestMessage message = rig.Spid.Requests.Single().Message;
        Assert.That(message.RequestUri!.AbsolutePath, Is.EqualTo(mode == SpidVerificationMode.Remote ? "/oauth/introspect" : "/oauth/jwks"));
        Assert.That(message.Headers.TryGetValues("X-OIDC", out IEnumerable<string>? values) ? values : [], Is.EqualTo(isSent ? new[] { "v1" } : []));
    }
}
