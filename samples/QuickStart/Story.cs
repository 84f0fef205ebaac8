using System.Diagnostics;
using System.Net;
using Spid.Client.Http;
using Spid.Testing;

namespace QuickStart;

/// <summary>Shows what caller and service do, one scene at a time, and checks that they did.</summary>
internal sealed class Story(SpidServer spid, MessagesApi api, HttpClient messages)
{
    private bool _failed;

    private int KeyFetches => spid.Requests.To(SpidEndpoint.Jwks).Count;

    private int TokenRequests => spid.Requests.To(SpidEndpoint.Token).Count;

    public async Task ManyCallsAsync()
    {
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CallAsync()));

        Tell(
            $"50 calls at once:    {Count(answers)} answered 200, {TokenRequests} token request",
            answers.All(IsOk) && TokenRequests == 1);
    }

    public async Task RefreshUnderLoadAsync()
    {
        int before = TokenRequests;
        spid.Faults.Always(SpidEndpoint.Token, SpidFault.Delay(TimeSpan.FromMilliseconds(200)));
        var answers = new List<HttpStatusCode>();
        var slowest = TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (clock.Elapsed < TimeSpan.FromSeconds(5))
        {
            TimeSpan started = clock.Elapsed;
            answers.Add(await CallAsync());
            slowest = clock.Elapsed - started > slowest ? clock.Elapsed - started : slowest;
            await pace.WaitForNextTickAsync();
        }

        spid.Faults.Clear();
        Tell(
            $"5 seconds of calls:  {Count(answers)} of {answers.Count} answered 200, {TokenRequests - before} renewal behind the scenes;"
            + $" SPiD took 200 ms for each, the slowest call {slowest.TotalMilliseconds:F0} ms",
            answers.All(IsOk) && TokenRequests > before);
    }

    public async Task RevokedTokenAsync()
    {
        int before = TokenRequests;
        spid.RevokeAll(spid.ClientId);
        await api.ForgetAsync(spid.ClientId);
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CallAsync()));

        Tell(
            $"Token revoked:       {Count(answers)} of 50 calls answered 200 after {TokenRequests - before} renewal",
            answers.All(IsOk) && TokenRequests == before + 1);
    }

    public async Task StrangerAsync()
    {
        using var stranger = new HttpClient { BaseAddress = api.Address };
        using HttpResponseMessage response = await stranger.GetAsync("/messages");

        Tell($"Without a token:     {(int)response.StatusCode} {response.Headers.WwwAuthenticate}", response.StatusCode == HttpStatusCode.Unauthorized);
    }

    public async Task MissingScopeAsync()
    {
        int before = TokenRequests;
        using HttpResponseMessage response = await messages.PostAsync("/messages", content: null);

        Tell(
            $"Without the scope:   {(int)response.StatusCode} {response.Headers.WwwAuthenticate}",
            response.StatusCode == HttpStatusCode.Forbidden && TokenRequests == before);
    }

    public async Task KeyRotationAsync()
    {
        int before = KeyFetches;
        spid.Keys.Rotate();
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => WriteAsync()));

        Tell(
            $"SPiD has a new key:  {answers.Count(status => status == HttpStatusCode.Created)} of 50 calls with the scope and a token signed by it answered 201 after {KeyFetches - before} fetch of the key set",
            answers.All(status => status == HttpStatusCode.Created) && KeyFetches == before + 1);
    }

    public async Task OutageAsync()
    {
        spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(503));
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CallAsync()));

        Tell($"SPiD gives no token: {Count(answers)} of 50 calls answered 200 with the one at hand", answers.All(IsOk));
    }

    public int End()
    {
        Console.WriteLine(_failed ? "Something is not as it should be." : "That is all there is to it: a line to register and a line on the HttpClient here, a line to register and a line on the endpoint there.");
        return _failed ? 1 : 0;
    }

    private static bool IsOk(HttpStatusCode status) => status == HttpStatusCode.OK;

    private static int Count(IEnumerable<HttpStatusCode> answers) => answers.Count(IsOk);

    private async Task<HttpStatusCode> CallAsync()
    {
        using HttpResponseMessage response = await messages.GetAsync("/messages");
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> WriteAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/messages");
        request.WithSpidScope("write:messages");
        using HttpResponseMessage response = await messages.SendAsync(request);
        return response.StatusCode;
    }

    private void Tell(string line, bool asPromised)
    {
        _failed |= !asPromised;
        Console.WriteLine((asPromised ? "  " : "! ") + line);
    }
}
