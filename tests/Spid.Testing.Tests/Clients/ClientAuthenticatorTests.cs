using System.Net.Http.Headers;
using System.Text;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Clients;

public sealed class ClientAuthenticatorTests(TransportKind transport) : ServerFixture(transport)
{
    private const string AwkwardSecret = "a:b%41+c/d=ø";

    private static readonly (string Name, string Value) Grant = ("grant_type", "client_credentials");

    [Test]
    public async Task Authenticate_RawBasic_Accepts()
    {
        await StartAsync(WithAwkwardSecret);

        Assert.That(await StatusAsync(Basic("client", AwkwardSecret), Grant), Is.EqualTo(200));
    }

    [Test]
    public async Task Authenticate_FormEncodedBasic_Accepts()
    {
        await StartAsync(WithAwkwardSecret);

        Assert.That(await StatusAsync(Basic("client", Uri.EscapeDataString(AwkwardSecret)), Grant), Is.EqualTo(200));
    }

    [Test]
    public async Task Authenticate_UnpaddedBasic_Accepts()
    {
        await StartAsync(options => options.DefaultClient = new() { ClientId = "4e8463569caf7ca019000007", ClientSecret = "foobar" });

        Assert.That(await StatusAsync("NGU4NDYzNTY5Y2FmN2NhMDE5MDAwMDA3OmZvb2Jhcg", Grant), Is.EqualTo(200));
    }

    [Test]
    public async Task Authenticate_BodyCredentials_Accepts()
    {
        await StartAsync(WithAwkwardSecret);

        Assert.That(await StatusAsync(null, Grant, ("client_id", "client"), ("client_secret", AwkwardSecret)), Is.EqualTo(200));
    }

    [Test]
    public async Task Authenticate_BasicWithTheSameIdInTheBody_Accepts()
    {
        await StartAsync(WithAwkwardSecret);

        Assert.That(await StatusAsync(Basic("client", AwkwardSecret), Grant, ("client_id", "client")), Is.EqualTo(200));
    }

    [TestCase("client_secret", AwkwardSecret)]
    [TestCase("client_id", "another")]
    public async Task Authenticate_BasicAndBody_ReturnsInvalidRequest(string name, string value)
    {
        await StartAsync(WithAwkwardSecret);

        var answer = await AnswerAsync(Basic("client", AwkwardSecret), Grant, (name, value));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_request"));
        }
    }

    [TestCase("not base64!")]
    [TestCase("")]
    [TestCase("bm9jb2xvbg==")]
    [TestCase("OnNlY3JldA==")]
    public async Task Authenticate_MalformedBasic_ReturnsInvalidClientId(string value)
    {
        await StartAsync();

        var answer = await AnswerAsync(value, Grant);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Error, Is.EqualTo("invalid_client_id"));
        }
    }

    [Test]
    public async Task Authenticate_BodyIdWithoutSecret_ReturnsInvalidCredentials()
    {
        await StartAsync(WithAwkwardSecret);

        var answer = await AnswerAsync(null, Grant, ("client_id", "client"));

        Assert.That(answer.Error, Is.EqualTo("invalid_client_credentials"));
    }

    [Test]
    public async Task RegenerateSecret_Called_CutsTheOldSecretOffAtOnce()
    {
        await StartAsync();
        var old = Spid.ClientSecret;

        var renewed = Spid.DefaultClient.RegenerateSecret();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(renewed, Is.EqualTo(Spid.ClientSecret).And.Not.EqualTo(old).And.Length.EqualTo(43));
            Assert.That(await StatusAsync(Basic(Spid.ClientId, old), Grant), Is.EqualTo(400));
            Assert.That(await StatusAsync(Basic(Spid.ClientId, renewed), Grant), Is.EqualTo(200));
        }
    }

    [Test]
    public async Task SecondarySecret_Set_IsAcceptedBesideTheFirst()
    {
        await StartAsync(options => options.DefaultClient.SecondarySecret = "second");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await StatusAsync(Basic(Spid.ClientId, "second"), Grant), Is.EqualTo(200));
            Assert.That(await StatusAsync(Basic(Spid.ClientId, Spid.ClientSecret), Grant), Is.EqualTo(200));
        }
    }

    private static void WithAwkwardSecret(SpidServerOptions options) =>
        options.DefaultClient = new() { ClientId = "client", ClientSecret = AwkwardSecret };

    private static string Basic(string id, string secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    private async Task<int> StatusAsync(string? basic, params (string Name, string Value)[] form) => (await AnswerAsync(basic, form)).Status;

    private Task<Answer> AnswerAsync(string? basic, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token") { Content = Forms.Content(form) };
        request.Headers.Authorization = basic is null ? null : new AuthenticationHeaderValue("Basic", basic);
        return SendAsync(request);
    }
}
