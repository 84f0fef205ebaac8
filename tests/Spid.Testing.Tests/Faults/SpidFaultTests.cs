using Spid.Testing.Faults;
using Spid.Testing.Tests.Transport;

namespace Spid.Testing.Tests.Faults;

public sealed partial class SpidFaultTests(TransportKind transport) : ServerFixture(transport)
{
    [TestCase(400, "invalid_request")]
    [TestCase(401, "invalid_token")]
    [TestCase(403, "insufficient_scope")]
    [TestCase(420, "too_many_requests")]
    [TestCase(500, "server_error")]
    [TestCase(503, "temporarily_unavailable")]
    public async Task Status_NoMoreSaid_AnswersWithTheUsualCode(int status, string error)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(status));

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.Error, Is.EqualTo(error));
        }
    }

    [TestCase(SpidErrorBody.OAuth, """{"error":"invalid_grant","error_description":"Fault injected by the test."}""")]
    [TestCase(SpidErrorBody.Flat, """{"error":"invalid_grant","error_code":"400 Bad Request","type":"OAuthException"}""")]
    [TestCase(SpidErrorBody.FlatTextCode, """{"error":"invalid_grant","error_code":"400","type":"OAuthException"}""")]
    [TestCase(SpidErrorBody.Nested, """{"error":{"code":400,"type":"invalid_grant","description":"Fault injected by the test."}}""")]
    [TestCase(SpidErrorBody.NestedFields, """{"error":{"code":400,"type":"invalid_grant","description":{"field":"Fault injected by the test."}}}""")]
    [TestCase(SpidErrorBody.PlainText, "Something went wrong")]
    [TestCase(SpidErrorBody.Empty, "")]
    public async Task Status_Body_HasTheDocumentedShape(SpidErrorBody body, string expected)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(400, body, "invalid_grant"));

        Assert.That((await TokenAsync()).Text, Is.EqualTo(expected));
    }

    [Test]
    public async Task Status_FlatToken_HasANumberAndQuotesInTheDescription()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(401, SpidErrorBody.FlatToken));

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("error_code").GetInt32(), Is.EqualTo(401));
            Assert.That(answer.Json.GetProperty("error_description").GetString(), Does.Contain("\"").And.Contain("realm="));
        }
    }

    [Test]
    public async Task Status_Container_NestsTheError()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.TokenStatus, SpidFault.Status(403, SpidErrorBody.Container, "ApiException"));

        var answer = await GetAsync("api/2/token/any/authentication");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Json.GetProperty("code").GetInt32(), Is.EqualTo(403));
            Assert.That(answer.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("ApiException"));
            Assert.That(answer.Json.GetProperty("request").GetProperty("remaining").GetInt32(), Is.Negative);
        }
    }

    [Test]
    public async Task RateLimited_NegativeValues_AreSentAsGiven()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.RateLimited(TimeSpan.FromSeconds(-91), limit: 0, remaining: -6));

        var answer = await TokenAsync();

        var request = answer.Json.GetProperty("request");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(420));
            Assert.That(request.GetProperty("reset").GetInt32(), Is.EqualTo(-91));
            Assert.That(request.GetProperty("limit").GetInt32(), Is.Zero);
            Assert.That(request.GetProperty("remaining").GetInt32(), Is.EqualTo(-6));
            Assert.That(answer.Json.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(420));
        }
    }

    [Test]
    public async Task TooManyRequests_Always_Answers429Nested()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.TooManyRequests());

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(429));
            Assert.That(answer.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("too_many_requests"));
        }
    }

    [Test]
    public async Task WithRetryAfter_SecondsOrDate_SetsTheHeader()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(503).WithRetryAfter(TimeSpan.FromSeconds(30)));
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Status(503).WithRetryAfter(Clock.GetUtcNow().AddMinutes(1)));

        var seconds = await TokenAsync();
        var date = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seconds.Headers["Retry-After"], Is.EqualTo("30"));
            Assert.That(date.Headers["Retry-After"], Is.EqualTo("Mon, 02 Mar 2026 12:01:00 GMT"));
        }
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task Redirect_Status_SendsTheLocation(int status)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.Redirect(status, new Uri("https://elsewhere.example.com/jwks")));

        var answer = await GetAsync("oauth/jwks");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.Headers["Location"], Is.EqualTo("https://elsewhere.example.com/jwks"));
        }
    }

    [Test]
    public async Task Html_Default_LooksLikeASuccess()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Html());

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Headers["Content-Type"], Does.StartWith("text/html"));
            Assert.That(answer.Text, Does.StartWith("<!doctype html>"));
        }
    }

    [TestCase(200)]
    [TestCase(204)]
    public async Task Empty_Status_HasNoBody(int status)
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Empty(status));

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.Text, Is.Empty);
            Assert.That(answer.Headers, Does.Not.ContainKey("Content-Type"));
        }
    }

    [Test]
    public async Task Raw_Text_IsSentAsItIs()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.Raw(207, """{"a":1,}""", "text/weird").WithHeader("X-One", "1").WithHeader("x-one", "2"));

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(207));
            Assert.That(answer.Text, Is.EqualTo("""{"a":1,}"""));
            Assert.That(answer.Headers["Content-Type"], Is.EqualTo("text/weird"));
            Assert.That(answer.Headers["X-One"], Is.EqualTo("2"));
        }
    }

    [Test]
    public async Task Raw_Bytes_AreSentAsTheyAre()
    {
        await StartAsync();
        byte[] body = [0xff, 0xfe, 0x00];
        Spid.Faults.Next(SpidEndpoint.Jwks, SpidFault.Raw(200, body, contentType: null));

        using var response = await Http.GetAsync(new Uri("oauth/jwks", UriKind.Relative));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(body));
            Assert.That(response.Content.Headers.ContentType, Is.Null);
        }
    }

    [Test]
    public async Task OversizeBody_Size_KeepsTheJsonValid()
    {
        await StartAsync();
        Spid.Faults.Next(SpidEndpoint.Token, SpidFault.OversizeBody(200_000));

        var answer = await TokenAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Text, Has.Length.EqualTo(200_000));
            Assert.That(answer.AccessToken, Is.Not.Empty);
        }
    }
}
