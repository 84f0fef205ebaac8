using Microsoft.Extensions.Time.Testing;

namespace Spid.Testing.Tests.Transport;

/// <summary>One server a test, over a real socket and over the in-memory handler.</summary>
[TestFixture(TransportKind.Kestrel)]
[TestFixture(TransportKind.InMemory)]
public abstract class ServerFixture(TransportKind transport)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    protected FakeTimeProvider Clock { get; } = new(Start);

    protected TransportKind Transport { get; } = transport;

    protected SpidServer Spid { get; private set; } = null!;

    protected HttpClient Http { get; private set; } = null!;

    [TearDown]
    public async Task DisposeServerAsync()
    {
        Http?.Dispose();
        if (Spid is not null)
        {
            await Spid.DisposeAsync();
        }
    }

    protected async Task StartAsync(Action<SpidServerOptions>? configure = null)
    {
        void Configure(SpidServerOptions options)
        {
            options.TimeProvider = Clock;
            SharedKeys.All.ToList().ForEach(options.Keys.Add);
            configure?.Invoke(options);
        }

        Spid = Transport is TransportKind.Kestrel ? await SpidServer.StartAsync(Configure) : SpidServer.Create(Configure);
        Http = Transport is TransportKind.Kestrel
            ? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Spid.BaseAddress }
            : Spid.CreateClient();
    }

    private protected Task<Answer> TokenAsync(params (string Name, string Value)[] form) =>
        PostAsync("oauth/token", Spid.DefaultClient, modern: true, [("grant_type", "client_credentials"), .. form]);

    private protected Task<Answer> LegacyTokenAsync(params (string Name, string Value)[] form) =>
        PostAsync("oauth/token", Spid.DefaultClient, modern: false, [("grant_type", "client_credentials"), .. form]);

    private protected Task<Answer> IntrospectAsync(string token, SpidClientRegistration? client = null) =>
        PostAsync("oauth/introspect", client ?? Spid.DefaultClient, modern: true, ("token", token));

    private protected Task<Answer> PostAsync(string path, SpidClientRegistration? client, bool modern, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Forms.Content(form) };
        request.Headers.Authorization = client is null ? null : Forms.Basic(client.ClientId, client.ClientSecret);
        if (modern)
        {
            request.Headers.Add("X-OIDC", "v1");
        }

        return SendAsync(request);
    }

    private protected Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    private protected async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request);
            return await Answer.ReadAsync(response);
        }
    }
}
