using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

/// <summary>Clients whose names are known only at run time, such as one for each tenant.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SpidClientFactoryTests : IDisposable
{
    private readonly SpidServices _services = new();
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal) { ["one"] = "secret-one", ["two"] = "secret-two", ["three"] = "secret-three" };
    private ServiceProvider? _provider;
    private Action _afterRead = () => { };

    public void Dispose() => _provider?.Dispose();

    [Test(Description = "A34")]
    public async Task GetClient_NamesOfTenants_EachHasItsOwnCredentialsAndTokens(CancellationToken cancellationToken)
    {
        ISpidClientFactory factory = Build();

        ServerToken one = await factory.GetClient("one").GetTokenAsync(cancellationToken);
        ServerToken two = await factory.GetClient("two").GetTokenAsync(cancellationToken);
        ServerToken again = await factory.GetClient("one").GetTokenAsync(cancellationToken);

        Assert.That(again, Is.SameAs(one).And.Not.SameAs(two));
        Assert.That(_services.Spid.Authorizations, Is.EqualTo(new[] { Basic("one", "secret-one"), Basic("two", "secret-two") }));
    }

    [Test(Description = "A34")]
    public async Task GetClient_UnknownTenant_ThrowsAndWorksOnceItIsKnown(CancellationToken cancellationToken)
    {
        ISpidClientFactory factory = Build();

        Assert.That(() => factory.GetClient("four"), Throws.TypeOf<OptionsValidationException>().With.Message.Contain("ClientSecret is missing").And.Message.Contain("(options of SPiD client 'four')"));
        _secrets["four"] = "secret-four";

        Assert.That((await factory.GetClient("four").GetTokenAsync(cancellationToken)).AccessToken, Is.EqualTo("token-1"));
    }

    [Test(Description = "A34")]
    public void GetClient_RegisteredName_IsTheRegisteredClient()
    {
        _services.AddSpidClientCredentials("registered", ApiRig.CopyTo);
        ISpidClientFactory factory = Build();

        Assert.That(factory.GetClient("registered"), Is.SameAs(_provider!.GetRequiredKeyedService<TokenClient>("registered")));
        Assert.That(factory.GetClient("registered").Cache.Settings.ClientId, Is.Not.EqualTo("registered"));
    }

    [Test(Description = "A34")]
    public async Task GetClient_MoreThanTheLimit_LeastRecentlyUsedIsGivenUpAndItsCallersAreServed(CancellationToken cancellationToken)
    {
        ISpidClientFactory factory = Build(maximumClients: 2);
        var open = new TaskCompletionSource();
        _services.Spid.Answer = async (number, _, _) =>
        {
            if (number == 1)
            {
                await open.Task;
            }

            return StubSpid.Token($"token-{number}");
        };
        TokenClient one = factory.GetClient("one");
        Task<ServerToken> underWay = one.GetTokenAsync(cancellationToken).AsTask();
        await Wait.UntilAsync(() => _services.Spid.Count == 1);
        _services.Time.Advance(TimeSpan.FromSeconds(1));
        TokenClient two = factory.GetClient("two");
        _services.Time.Advance(TimeSpan.FromSeconds(1));

        TokenClient three = factory.GetClient("three");
        open.SetResult();

        Assert.That((await underWay).AccessToken, Is.EqualTo("token-1"));
        Assert.That(new[] { factory.GetClient("two"), factory.GetClient("three") }, Is.EqualTo(new[] { two, three }));
        Assert.That(factory.GetClient("one"), Is.Not.SameAs(one));
    }

    [Test(Description = "A34")]
    public async Task Reload_SecretChanged_TokenIsServedAndTheNewSecretTried(CancellationToken cancellationToken)
    {
        ISpidClientFactory factory = Build();
        TokenClient client = factory.GetClient("one");
        ServerToken before = await client.GetTokenAsync(cancellationToken);

        _secrets["one"] = "regenerated";
        factory.Reload("one");
        ServerToken meanwhile = await factory.GetClient("one").GetTokenAsync(cancellationToken);
        await Wait.UntilAsync(() => _services.Spid.Authorizations.Count == 2);

        Assert.That(meanwhile, Is.SameAs(before));
        Assert.That(_services.Spid.Authorizations.Last(), Is.EqualTo(Basic("one", "regenerated")));
        Assert.That(() => factory.Reload("never asked for"), Throws.Nothing);
    }

    [Test(Description = "A34: a reload between the reading of the options and the first look at the client")]
    public async Task Reload_WhileTheClientIsCreated_ClientHasTheNewSecret(CancellationToken cancellationToken)
    {
        ISpidClientFactory factory = Build();
        AfterNextRead(() =>
        {
            _secrets["one"] = "regenerated";
            factory.Reload("one");
        });

        await factory.GetClient("one").GetTokenAsync(cancellationToken);

        Assert.That(_services.Spid.Authorizations, Is.EqualTo(new[] { Basic("one", "regenerated") }));
    }

    [Test(Description = "A34: reloads that overtake each other")]
    public async Task Reload_DuringAnother_TheLaterOneStands(CancellationToken cancellationToken)
    {
        ISpidClientFactory factory = Build();
        TokenClient client = factory.GetClient("one");
        _secrets["one"] = "regenerated";
        AfterNextRead(() =>
        {
            _secrets["one"] = "regenerated again";
            factory.Reload("one");
        });

        factory.Reload("one");
        await client.GetTokenAsync(cancellationToken);

        Assert.That(_services.Spid.Authorizations, Is.EqualTo(new[] { Basic("one", "regenerated again") }));
    }

    [Test(Description = "A34")]
    public void Reload_OptionsAreInvalid_ThrowsAndThePreviousOnesStay()
    {
        ISpidClientFactory factory = Build();
        TokenClient client = factory.GetClient("one");
        _secrets.Remove("one");

        Assert.That(() => factory.Reload("one"), Throws.TypeOf<OptionsValidationException>());
        Assert.That(factory.GetClient("one"), Is.SameAs(client));
    }

    [Test(Description = "A34")]
    public void Remove_Client_IsDisposedAndCreatedAgainWhenAskedFor()
    {
        ISpidClientFactory factory = Build();
        TokenClient client = factory.GetClient("one");

        bool[] removed = [factory.Remove("one"), factory.Remove("one")];

        Assert.That(removed, Is.EqualTo(new[] { true, false }));
        Assert.That(() => client.Cache, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(factory.GetClient("one"), Is.Not.SameAs(client));
    }

    [Test(Description = "A34")]
    public void Dispose_Container_DisposesOfTheClients()
    {
        ISpidClientFactory factory = Build();
        TokenClient client = factory.GetClient("one");

        _provider!.Dispose();

        Assert.That(() => client.Cache, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => factory.GetClient("two"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test(Description = "A34")]
    public void GetClient_ManyThreadsAtOnce_AllGetOneClient()
    {
        ISpidClientFactory factory = Build();
        var clients = new TokenClient[64];

        Parallel.For(0, clients.Length, index => clients[index] = factory.GetClient("one"));

        Assert.That(clients, Has.All.SameAs(clients[0]));
    }

    [Test(Description = "A34")]
    public void GetClient_PlainHttpAllowed_IsSaidAtWarning()
    {
        _services.ConfigureAll<SpidClientOptions>(options => options.AllowPlainHttp = true);
        Build().GetClient("one");

        Assert.That(
            _provider!.GetFakeLogCollector().GetSnapshot().Where(record => record.Level == LogLevel.Warning).Select(record => record.Id.Name),
            Is.EqualTo(new[] { "PlainHttpToSpidAllowed" }));
    }

    [Test]
    public void AddSpidClientFactory_CalledTwice_IsRefused()
    {
        _services.AddSpidClientFactory((_, _, _) => { });

        Assert.That(() => _services.AddSpidClientFactory((_, _, _) => { }), Throws.InvalidOperationException);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void AddSpidClientFactory_LimitOutOfRange_Throws(int maximumClients) =>
        Assert.That(() => _services.AddSpidClientFactory((_, _, _) => { }, maximumClients), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static string Basic(string clientId, string secret) => "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{clientId}:{secret}"));

    /// <summary>Does something once, in the moment when options have been read and nothing has been done with them.</summary>
    private void AfterNextRead(Action act) => _afterRead = act;

    private ISpidClientFactory Build(int maximumClients = 1000)
    {
        _services.AddSpidClientFactory(
            (_, name, options) =>
            {
                options.Environment = SpidEnvironment.PreProduction;
                options.ClientId = name;
                options.ClientSecret = _secrets.GetValueOrDefault(name);
                Interlocked.Exchange(ref _afterRead, () => { })();
            },
            maximumClients).ConfigurePrimaryHttpMessageHandler(() => _services.Spid);
        _provider = _services.Build();
        return _provider.GetRequiredService<ISpidClientFactory>();
    }
}
