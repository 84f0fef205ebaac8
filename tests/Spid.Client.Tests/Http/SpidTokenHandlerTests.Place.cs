using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Http;

/// <content>Where the handler stands among those of the client, and whom it asks.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCase(true)]
    [TestCase(false)]
    [Description("A7")]
    public async Task SendAsync_NoTokenToBeHad_HandlersOfTheApplicationSeeNoAttempt(bool isAbove)
    {
        int attempts = 0;
        void Note(IHttpClientBuilder http) => http.AddHttpMessageHandler(() => new NotingHandler(_ => attempts++));
        using var rig = new ApiRig(above: isAbove ? Note : null, below: isAbove ? null : Note);
        rig.Spid.AnswerWith(_ => StubSpid.Json(HttpStatusCode.BadRequest, """{"error":"invalid_client"}"""));

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>());

        Assert.That(attempts, Is.Zero);
    }

    [Test]
    public async Task SendAsync_HandlerOfAllClients_StandsBelow(CancellationToken cancellationToken)
    {
        var seen = new List<string?>();
        using var rig = new ApiRig();
        rig.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new NotingHandler(request => seen.Add(request.Headers.Authorization?.ToString()))));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(seen, Is.EqualTo(new[] { "Bearer token-1" }));
    }

    [Test(Description = "A10")]
    public async Task SendAsync_HandlerRepeatsWithCopiesWhileTheTokenIsRevoked_IsRenewedOnceAndSucceeds(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(above: http => http.AddHttpMessageHandler(() => new CopyingHandler(4)));
        rig.Api.AnswerWith(call => call switch
        {
            { Number: 1 } => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
            { Token: "token-1" } => StubApi.Unauthorized(),
            _ => new HttpResponseMessage(HttpStatusCode.OK),
        });

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That((response.StatusCode, rig.Spid.Count, rig.Api.Tokens[^1]), Is.EqualTo((HttpStatusCode.OK, 2, "token-2")));
    }

    [Test(Description = "A10: the handler stands around the whole client and has kept the header from before")]
    public async Task SendAsync_TextOfAnEarlierToken_IsReplacedByTheTokenOfTheMoment(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using HttpResponseMessage first = await rig.Client.GetAsync("messages", cancellationToken);
        await rig.Tokens.RenewTokenAsync(await rig.Tokens.GetTokenAsync(cancellationToken), cancellationToken);
        using var copy = new HttpRequestMessage(HttpMethod.Get, "messages");
        copy.Headers.TryAddWithoutValidation("authorization", "bearer token-1");

        using HttpResponseMessage second = await rig.Client.SendAsync(copy, cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
    }

    [TestCase(200)]
    [TestCase(401)]
    [TestCase(503)]
    [TestCase(0, Description = "the connection breaks")]
    public async Task SendAsync_HoweverItEnds_TokenIsOffTheMessage(int status)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => status == 0 ? throw new HttpRequestException("broken") : new HttpResponseMessage((HttpStatusCode)status));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/v1/messages");
        using var invoker = new HttpMessageInvoker(rig.Handler);

        using HttpResponseMessage? response = await EndAsync(() => invoker.SendAsync(request, CancellationToken.None));

        Assert.That(rig.Api.Calls.First().Token, Is.EqualTo("token-1"));
        Assert.That(request.Headers.Authorization, Is.Null);
    }

    [TestCase("Bearer")]
    [TestCase("bearer")]
    [TestCase("Bearer ")]
    [Description("A29")]
    public async Task SendAsync_BearerWithoutAToken_IsFilledIn(string marker, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        request.Headers.TryAddWithoutValidation("Authorization", marker);

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        Assert.That(rig.Api.Calls.Single().Authorization, Is.EqualTo("Bearer token-1"));
    }

    [TestCase("Basic")]
    [TestCase("Basic dXNlcjpwYXNz")]
    [TestCase("Bearer of-the-caller")]
    [TestCase("Bearertoken-1")]
    public async Task SendAsync_AuthorizationOfTheCaller_IsKept(string authorization, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        Assert.That((rig.Api.Calls.Single().Authorization, rig.Spid.Count), Is.EqualTo((authorization, 0)));
    }

    [Test(Description = "A13")]
    public async Task SendAsync_BaseAddressChanges_NextClientGetsATokenForIt(CancellationToken cancellationToken)
    {
        var address = new Uri("https://one.example.com");
        using var rig = new ApiRig();
        rig.HttpClient.ConfigureHttpClient(http => http.BaseAddress = address);
        IHttpClientFactory factory = rig.Provider.GetRequiredService<IHttpClientFactory>();
        using HttpClient before = factory.CreateClient(ApiRig.Name);
        using HttpResponseMessage first = await before.GetAsync("messages", cancellationToken);

        address = new Uri("https://two.example.com");
        using HttpClient after = factory.CreateClient(ApiRig.Name);
        using HttpResponseMessage second = await after.GetAsync("messages", cancellationToken);
        using HttpResponseMessage third = await before.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => (call.Uri!.Host, call.Token)), Is.EqualTo(new[] { ("one.example.com", "token-1"), ("two.example.com", "token-1"), ("one.example.com", "token-1") }));
    }

    [Test(Description = "A5")]
    public async Task SendAsync_OptionsAreInvalidAtFirst_FailsUntilTheyAreValid(CancellationToken cancellationToken)
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings();
        settings["Spid:ClientSecret"] = "";
        IConfigurationRoot configuration = SpidServices.Configuration(settings);
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(configuration.GetSection("Spid")));
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (int call = 0; call < 2; call++)
        {
            await Assert.ThatAsync(
                () => client.GetAsync("messages", cancellationToken),
                Throws.TypeOf<SpidException>().With.Message.Contain("ClientSecret").And.Property(nameof(SpidException.Kind)).EqualTo(SpidErrorKind.Configuration));
        }

        configuration["Spid:ClientSecret"] = "the-first-secret-of-the-tests";
        configuration.Reload();
        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

        Assert.That((response.StatusCode, services.Api.Count), Is.EqualTo((HttpStatusCode.OK, 1)));
    }

    [TestCase("")]
    [TestCase("payments")]
    [Description("A27")]
    public async Task SendAsync_ProviderOfTheApplication_IsAsked(string name)
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(name, ApiRig.CopyTo));
        var own = new CountingProvider();
        if (name.Length == 0)
        {
            services.Replace(ServiceDescriptor.Singleton<ISpidTokenProvider>(own));
        }
        else
        {
            services.AddKeyedSingleton<ISpidTokenProvider>(name, own);
        }

        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler(name, options => options.Scope = "write:messages");
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        services.Api.Refuse("own-1");

        using HttpResponseMessage response = await client.GetAsync("messages");
        using HttpRequestMessage other = new HttpRequestMessage(HttpMethod.Get, "messages").WithSpidToken(new TokenRequest("delete:messages"));
        using HttpResponseMessage second = await client.SendAsync(other);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "own-1", "own-2", "own-3" }));
            Assert.That(own.Scopes, Is.EqualTo(new[] { "write:messages", "delete:messages" }));
            Assert.That(services.Spid.Count, Is.Zero);
        }
    }

    [Test]
    public async Task SendAsync_ProviderOfTheApplicationGivesNoToken_NothingLeaves()
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        services.Replace(ServiceDescriptor.Singleton<ISpidTokenProvider>(new CountingProvider { GivesNothing = true }));
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await Assert.ThatAsync(() => client.GetAsync("messages"), Throws.TypeOf<SpidException>().With.Message.Contain("CountingProvider"));
        Assert.That(services.Api.Count, Is.Zero);
    }

    [TestCase(false, Description = "its renewal fails")]
    [TestCase(true, Description = "it gives the refused token once more")]
    public async Task SendAsync_ProviderOfTheApplicationCannotRenew_CallerGetsThe401(bool givesTheSame)
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        services.Replace(ServiceDescriptor.Singleton<ISpidTokenProvider>(new CountingProvider { Renew = rejected => givesTheSame ? rejected : throw new TimeoutException() }));
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        services.Api.AnswerWith(_ => StubApi.Unauthorized());

        using HttpResponseMessage response = await client.GetAsync("messages");

        Assert.That((response.StatusCode, services.Api.Count), Is.EqualTo((HttpStatusCode.Unauthorized, 1)));
    }

    [Test(Description = "A5: code that sets options throws")]
    public async Task SendAsync_ConfiguringCodeThrowsAtFirst_FailsWithSpidExceptionUntilItDoesNot(CancellationToken cancellationToken)
    {
        bool throws = true;
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(options =>
        {
            ApiRig.CopyTo(options);
            _ = throws ? throw new InvalidOperationException("The vault is away.") : true;
        }));
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await Assert.ThatAsync(() => client.GetAsync("messages", cancellationToken), Throws.TypeOf<SpidException>().With.InnerException.TypeOf<InvalidOperationException>());
        Assert.That(services.Api.Count, Is.Zero);
    }

    private static async Task<HttpResponseMessage?> EndAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private sealed class CopyingHandler(int attempts) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            for (int attempt = 2; attempt <= attempts && response.StatusCode == HttpStatusCode.ServiceUnavailable; attempt++)
            {
                var copy = new HttpRequestMessage(request.Method, request.RequestUri);
                foreach ((string name, IEnumerable<string> values) in request.Headers)
                {
                    copy.Headers.TryAddWithoutValidation(name, values);
                }

                response = await base.SendAsync(copy, cancellationToken);
            }

            return response;
        }
    }

    private sealed class CountingProvider : ISpidTokenProvider
    {
        private int _count;

        public List<string?> Scopes { get; } = [];

        public bool GivesNothing { get; init; }

        public Func<ServerToken, ServerToken>? Renew { get; init; }

        public ValueTask<ServerToken> GetTokenAsync(CancellationToken cancellationToken = default) => new(GivesNothing ? null! : Next());

        public ValueTask<ServerToken> GetTokenAsync(TokenRequest request, CancellationToken cancellationToken = default)
        {
            Scopes.Add(request.Scope);
            return GetTokenAsync(cancellationToken);
        }

        public ValueTask<ServerToken?> RenewTokenAsync(ServerToken rejected, CancellationToken cancellationToken = default) => Renew is null ? new(Next()) : new(Task.Run(ServerToken? () => Renew(rejected), cancellationToken));

        private ServerToken Next() => new($"own-{++_count}");
    }
}
