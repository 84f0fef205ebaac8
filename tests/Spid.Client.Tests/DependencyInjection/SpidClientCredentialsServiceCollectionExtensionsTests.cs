using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

[CancelAfter(60_000)]
internal sealed partial class SpidClientCredentialsServiceCollectionExtensionsTests
{
    private static readonly string[] ConfigurationKeys =
    [
        "Authority=https://spid.example", "TokenEndpoint=http://spid:5901/connect/token", "RegistrationEndpoint=https://spid.example/connect/register", "AllowPlainHttp=true", "ClientId=id", "ClientSecret=secret-one", "SecondaryClientSecret=secret-two", "Scope=a b",
        "Resources:0=https://a.example", "Resources:1=https://b.example", "Parameters:tenant=no", "ClientAuthentication=Body",
        "SendOidcHeader=false", "WarmUp=true", "Cache:MaximumEntries=7", "Cache:RefreshAfter=0.5", "Cache:RefreshJitter=0.01",
        "Cache:ExpiryMargin=00:00:10", "Cache:RenewalPause=00:02:00", "Resilience:Timeout=00:00:20", "Resilience:AttemptTimeout=00:00:03",
        "Resilience:RetryAttempts=1", "Resilience:MaximumConcurrency=7", "Resilience:BackoffBase=00:00:02", "Resilience:BackoffMaximum=00:01:00",
        "Resilience:MaximumRetryAfter=00:04:00", "Resilience:ConfigurationErrorMemory=00:00:40", "Resilience:BreakDuration=00:00:05",
    ];

    [Test]
    public async Task AddSpidClientCredentials_EveryOverload_MakesAClientThatObtainsTokens(CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = SpidServices.Configuration(SpidServices.ValidSettings());
        Func<IServiceCollection, SpidClientBuilder>[] overloads =
        [
            services => services.AddSingleton<IConfiguration>(configuration).AddSpidClientCredentials(),
            services => services.AddSpidClientCredentials(ApiRig.CopyTo),
            services => services.AddSpidClientCredentials(configuration.GetSection("Spid")),
            services => services.AddSpidClientCredentials("named", ApiRig.CopyTo),
            services => services.AddSpidClientCredentials("named", configuration.GetSection("Spid")),
        ];

        foreach (Func<IServiceCollection, SpidClientBuilder> overload in overloads)
        {
            var services = new SpidServices();
            SpidClientBuilder builder = services.Stub(overload(services));
            await using ServiceProvider provider = services.Build();

            ServerToken token = await provider.GetRequiredKeyedService<ISpidTokenProvider>(builder.Name).GetTokenAsync(cancellationToken);

            Assert.That(token.AccessToken, Is.EqualTo("token-1"));
            Assert.That(builder.Services, Is.SameAs(services));
        }
    }

    [Test]
    public void AddSpidClientCredentials_Section_BindsEveryOptionByItsName()
    {
        Dictionary<string, string?> settings = ConfigurationKeys.ToDictionary(line => line[..line.IndexOf('=', StringComparison.Ordinal)], line => (string?)line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var services = new SpidServices();
        services.AddSpidClientCredentials(SpidServices.Configuration(settings));
        using ServiceProvider provider = services.Build();

        SpidClientOptions options = provider.GetRequiredService<IOptions<SpidClientOptions>>().Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Authority, Is.EqualTo(new Uri("https://spid.example")));
            Assert.That((options.TokenEndpoint, options.RegistrationEndpoint), Is.EqualTo((new Uri("http://spid:5901/connect/token"), new Uri("https://spid.example/connect/register"))));
            Assert.That(options.AllowPlainHttp, Is.True);
            Assert.That((options.ClientId, options.ClientSecret, options.SecondaryClientSecret, options.Scope), Is.EqualTo(("id", "secret-one", "secret-two", "a b")));
            Assert.That(options.Resources, Is.EqualTo(new[] { "https://a.example", "https://b.example" }));
            Assert.That(options.Parameters, Is.EqualTo(new Dictionary<string, string> { ["tenant"] = "no" }));
            Assert.That((options.ClientAuthentication, options.SendOidcHeader, options.WarmUp), Is.EqualTo((SpidClientAuthentication.Body, false, true)));
            Assert.That((options.Cache.MaximumEntries, options.Cache.RefreshAfter, options.Cache.RefreshJitter), Is.EqualTo((7, 0.5, 0.01)));
            Assert.That((options.Cache.ExpiryMargin, options.Cache.RenewalPause), Is.EqualTo((TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2))));
            Assert.That((options.Resilience.Timeout, options.Resilience.AttemptTimeout, options.Resilience.RetryAttempts), Is.EqualTo((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(3), 1)));
            Assert.That(options.Resilience.MaximumConcurrency, Is.EqualTo(7));
            Assert.That((options.Resilience.BackoffBase, options.Resilience.BackoffMaximum), Is.EqualTo((TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1))));
            Assert.That(
                (options.Resilience.MaximumRetryAfter, options.Resilience.ConfigurationErrorMemory, options.Resilience.BreakDuration),
                Is.EqualTo((TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(5))));
        }
    }

    [TestCase("TokenEndpoint")]
    [TestCase("RegistrationEndpoint")]
    [Test(Description = "An environment variable is switched off by leaving it empty.")]
    public void AddSpidClientCredentials_EndpointLeftEmpty_IsAsIfItWereNotThere(string option)
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings();
        settings[$"Spid:{option}"] = "";
        var services = new SpidServices();
        services.AddSpidClientCredentials(SpidServices.Configuration(settings).GetSection("Spid"));
        using ServiceProvider provider = services.Build();

        SpidClientOptions options = provider.GetRequiredService<IOptions<SpidClientOptions>>().Value;

        Assert.That((options.TokenEndpoint, options.RegistrationEndpoint), Is.EqualTo(((Uri?)null, (Uri?)null)));
    }

    [Test]
    public void AddSpidClientCredentials_ConfigurationKeysOfThisTest_CoverEveryOption()
    {
        string[] bound = [.. ConfigurationKeys.Select(line => line.Split('=')[0].Split(':') is [("Cache" or "Resilience") and var group, var key] ? $"{group}.{key}" : line.Split('=')[0].Split(':')[0]).Distinct()];

        string[] options =
        [
            .. typeof(SpidClientOptions).GetProperties().Select(property => property.Name).Except(["Cache", "Resilience", "Environment"]),
            .. typeof(SpidTokenCacheOptions).GetProperties().Select(property => $"Cache.{property.Name}"),
            .. typeof(SpidResilienceOptions).GetProperties().Select(property => $"Resilience.{property.Name}"),
        ];

        Assert.That(bound, Is.EquivalentTo(options));
    }

    [Test]
    public async Task AddSpidClientCredentials_TwoNames_ShareNothing(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials("one", options => Fill(options, "id-one")));
        services.Stub(services.AddSpidClientCredentials("two", options => Fill(options, "id-two")));
        services.Spid.Answer = (_, form, _) => Task.FromResult(StubSpid.Token(form.Contains("id-one", StringComparison.Ordinal) ? "of-one" : "of-two"));
        await using ServiceProvider provider = services.Build();

        ServerToken one = await provider.GetRequiredKeyedService<ISpidTokenProvider>("one").GetTokenAsync(cancellationToken);
        ServerToken two = await provider.GetRequiredKeyedService<TokenClient>("two").GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.AccessToken, two.AccessToken), Is.EqualTo(("of-one", "of-two")));
            Assert.That(provider.GetKeyedService<TokenClient>("one"), Is.SameAs(provider.GetKeyedService<ISpidTokenProvider>("one")));
            Assert.That(provider.GetService<TokenClient>(), Is.Null);
        }
    }

    [Test]
    public async Task AddSpidClientCredentials_SameNameInTwoApplications_SharesNothing(CancellationToken cancellationToken)
    {
        string[] tokens = await Task.WhenAll(new[] { "id-one", "id-two" }.Select(async id =>
        {
            var services = new SpidServices();
            services.Stub(services.AddSpidClientCredentials("same", options => Fill(options, id)));
            services.Spid.AnswerWith(_ => StubSpid.Token($"of-{id}"));
            await using ServiceProvider provider = services.Build();
            return (await provider.GetRequiredKeyedService<TokenClient>("same").GetTokenAsync(cancellationToken)).AccessToken;
        }));

        Assert.That(tokens, Is.EqualTo(new[] { "of-id-one", "of-id-two" }));
    }

    [Test]
    public async Task AddSpidClientCredentials_Twice_EqualsOnce(CancellationToken cancellationToken)
    {
        var once = new SpidServices();
        var twice = new SpidServices();
        Register(once);
        Register(twice);
        Register(twice);
        using ServiceProvider provider = twice.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Descriptors(twice), Is.EqualTo(Descriptors(once)));
            Assert.That(Handlers(provider), Is.EqualTo(1));
            Assert.That(twice.Spid.Count, Is.EqualTo(1));
            Assert.That(twice.Api.Tokens, Is.EqualTo(new[] { "token-1" }));
        }

        static void Register(SpidServices services)
        {
            services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
            services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler();
        }
    }

    private static void Fill(SpidClientOptions options, string id)
    {
        ApiRig.CopyTo(options);
        options.ClientId = id;
        options.ClientAuthentication = SpidClientAuthentication.Body;
    }

    /// <summary>What is registered, apart from the callbacks, which add up on purpose.</summary>
    private static string[] Descriptors(IServiceCollection services) =>
    [
        .. services.Select(descriptor => descriptor.ServiceType)
            .Where(type => !(type.IsGenericType && type.Name is "IConfigureOptions`1" or "IOptionsChangeTokenSource`1"))
            .Select(type => type.ToString())
            .Where(type => !type.Contains("HttpClientFactoryOptions", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static int Handlers(IServiceProvider provider)
    {
        int count = 0;
        for (HttpMessageHandler? handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("api"); handler is DelegatingHandler outer; handler = outer.InnerHandler)
        {
            count += handler is Spid.Client.Http.SpidTokenHandler ? 1 : 0;
        }

        return count;
    }
}
