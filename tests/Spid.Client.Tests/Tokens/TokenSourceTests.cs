using System.Globalization;
using System.Runtime.CompilerServices;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <summary>How long handlers and requests keep entries and clients in memory.</summary>
[CancelAfter(60_000)]
internal sealed class TokenSourceTests
{
    [Test(Description = "A26")]
    public async Task Dispose_HandlersOfManyScopes_LeaveNothingBehindThatIsNotBounded(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 100);
        using var api = new ReadyApi();
        var entries = new List<WeakReference>();
        for (int number = 0; number < 1000; number++)
        {
            entries.Add(await UseAsync(client.Tokens, api, $"scope-{number}", cancellationToken));
        }

        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(client.Tokens.Cache.Held, Is.EquivalentTo(new[] { client.Tokens.Cache.Default }));
        Assert.That(entries.Count(entry => entry.IsAlive), Is.LessThanOrEqualTo(101));
    }

    [Test(Description = "A26: the factory makes a new handler every two minutes and disposes of the old one later")]
    public async Task Dispose_AnotherHandlerOfTheSameTokenLives_EntryIsNotEvicted(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Cache.MaximumEntries = 5);
        using var old = new TokenSource(client.Tokens, new TokenRequest("write"));
        using var current = new TokenSource(client.Tokens, new TokenRequest("write"));
        ServerToken token = await old.Entry.GetAsync(cancellationToken);
        var entry = (TokenEntry)current.Entry;

        old.Dispose();
        old.Dispose();
        for (int key = 0; key < 50; key++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        Assert.That(client.Tokens.Cache.Get(new TokenRequest("write")), Is.SameAs(entry));
        Assert.That(await current.Entry.GetAsync(cancellationToken), Is.SameAs(token));
        Assert.That(client.Tokens.Cache.Held, Has.Member(entry));
    }

    [Test(Description = "A26: between two handlers of a name there may be none")]
    public async Task Dispose_NextHandlerComesLater_FindsTheToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var old = new TokenSource(client.Tokens, new TokenRequest("write"));
        ServerToken token = await old.Entry.GetAsync(cancellationToken);
        old.Dispose();

        using var next = new TokenSource(client.Tokens, new TokenRequest("write"));

        Assert.That(await next.Entry.GetAsync(cancellationToken), Is.SameAs(token));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "A26")]
    public async Task Dispose_RequestIsThatOfTheOptions_DefaultEntryStaysHeld(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var same = new TokenSource(client.Tokens, new TokenRequest("read:messages"));
        using var byDefault = new TokenSource(client.Tokens, null);
        await same.Entry.GetAsync(cancellationToken);
        await byDefault.Entry.GetAsync(cancellationToken);

        same.Dispose();
        byDefault.Dispose();

        Assert.That(client.Tokens.Cache.Held, Is.EquivalentTo(new[] { client.Tokens.Cache.Default }));
    }

    [Test(Description = "A26: the repetition after a 401 may come when the handler has been disposed")]
    public async Task Entry_AfterDispose_IsFoundAndNotHeld(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var source = new TokenSource(client.Tokens, new TokenRequest("write"));
        ServerToken token = await source.Entry.GetAsync(cancellationToken);
        source.Dispose();

        Assert.That(await source.Entry.GetAsync(cancellationToken), Is.SameAs(token));
        Assert.That(client.Tokens.Cache.Held.Count(), Is.EqualTo(1));
    }

    [Test(Description = "A26")]
    public async Task Dispose_ClientIsDisposedAlready_DoesNothing(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var source = new TokenSource(client.Tokens, new TokenRequest("write"));
        await source.Entry.GetAsync(cancellationToken);
        client.Tokens.Dispose();

        Assert.That(source.Dispose, Throws.Nothing);
    }

    [Test(Description = "A26")]
    public async Task Entry_FirstUsedByManyThreadsAtOnce_IsHeldOnce(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        var source = new TokenSource(client.Tokens, new TokenRequest("write"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => source.Entry, cancellationToken)));

        source.Dispose();

        Assert.That(client.Tokens.Cache.Held.Count(), Is.EqualTo(1));
    }

    [NonParallelizable]
    [Test(Description = "Issue 11, kind 12")]
    public async Task Dispose_RequestIsKeptInAStaticField_ClientIsCollected(CancellationToken cancellationToken)
    {
        var kept = new TokenRequest("write");
        WeakReference client = await UseAsync(kept, cancellationToken);

        for (int round = 0; round < 1000 && client.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.That(client.IsAlive, Is.False);
        GC.KeepAlive(kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAsync(TokenRequest kept, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        await client.Tokens.GetTokenAsync(kept, cancellationToken);
        await client.Tokens.GetTokenAsync(kept, cancellationToken);
        return new WeakReference(client.Tokens);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAsync(TokenClient tokens, ReadyApi api, string scope, CancellationToken cancellationToken)
    {
        var options = new SpidTokenHandlerOptions { Scope = scope };
        options.AllowedOrigins.Add("https://api.example.com");
        using var handler = new SpidTokenHandler(tokens, options) { InnerHandler = new Passing(api) };
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"https://api.example.com/{scope}"));
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        return new WeakReference(tokens.Cache.Hold(new TokenRequest(scope)) is var entry && Release(tokens, entry) ? entry : null);
    }

    private static bool Release(TokenClient tokens, TokenEntry entry)
    {
        tokens.Cache.Release(entry);
        return true;
    }

    private sealed class ReadyApi : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage());
    }

    private sealed class Passing(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);
    }
}
