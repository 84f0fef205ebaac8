using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <content>Microsoft.Identity.Client.</content>
internal sealed partial class TokenClientTests
{
    [Test(Description = "MSAL M1, #2329: 50 cold callers send 50 requests")]
    public async Task GetTokenAsync_FiftyColdCallers_SendOneRequest(CancellationToken cancellationToken)
    {
        using var client = new TestClient();

        ServerToken[] tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => Task.Run(() => client.Tokens.GetTokenAsync(cancellationToken).AsTask(), cancellationToken)));

        Assert.That(tokens, Has.All.SameAs(tokens[0]));
        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [Test(Description = "MSAL M2: 200 cached calls in the refresh window start 93 to 112 refreshes")]
    public async Task GetTokenAsync_TwoHundredCallsInTheRefreshWindow_StartOneRefresh(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(800));

        ServerToken[] tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            _ => Task.Run(() => client.Tokens.GetTokenAsync(cancellationToken).AsTask(), cancellationToken)));
        await client.SettleAsync(2);

        Assert.That(tokens.Select(token => token.AccessToken), Has.All.AnyOf("token-1", "token-2"));
        Assert.That(client.Spid.Count, Is.EqualTo(2));
    }

    [Test(Description = "MSAL M3: the jitter is drawn anew at each call, so under load the earliest draw wins")]
    public async Task GetTokenAsync_AskedAThousandTimesBeforeItsRefreshTime_RefreshesNoEarlier(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        List<double> refreshedAt = [];
        for (int token = 0; token < 20; token++)
        {
            client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", 1000));
            TokenRequest request = KeyNames.Request(token);
            await client.Tokens.GetTokenAsync(request, cancellationToken);
            int requests = client.Spid.Count;
            client.Time.Advance(TimeSpan.FromSeconds(760));
            double age = 760;
            for (; client.Spid.Count == requests; age += 0.5)
            {
                for (int call = 0; call < 100; call++)
                {
                    await client.Tokens.GetTokenAsync(request, cancellationToken);
                }

                await Wait.UntilAsync(() => !client.Tokens.Cache.Get(request).IsFetching);
                client.Time.Advance(TimeSpan.FromSeconds(0.5));
            }

            refreshedAt.Add(age);
        }

        Assert.That(refreshedAt.Average(), Is.InRange(772, 828), "drawn anew it would be close to 760");
        Assert.That(refreshedAt.Max() - refreshedAt.Min(), Is.GreaterThan(20), "a fleet does not refresh at once");
    }

    [TestCase(60)]
    [TestCase(240)]
    [TestCase(300)]
    [Test(Description = "MSAL M4: tokens of five minutes or less are never reused")]
    public async Task GetTokenAsync_TokenOfFiveMinutesOrLess_IsReused(int lifetime, CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));

        for (int call = 0; call < 10; call++)
        {
            await client.Tokens.GetTokenAsync(cancellationToken);
        }

        Assert.That(client.Spid.Count, Is.EqualTo(1));
    }

    [TestCase(429)]
    [TestCase(503)]
    [Test(Description = "MSAL #4196: hundreds of callers and a failing endpoint become a convoy of retries")]
    public async Task GetTokenAsync_HundredsOfCallersForAMinuteOfFailure_SendOneRequestForEachStep(int status)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Error(status));
        var calls = new Task<SpidException?>[300];
        DateTimeOffset end = client.Time.GetUtcNow() + TimeSpan.FromMinutes(1);

        while (client.Time.GetUtcNow() < end)
        {
            for (int call = 0; call < calls.Length; call++)
            {
                calls[call] = client.FailureAsync();
            }

            await Task.WhenAll(calls);
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(client.Spid.Count, Is.InRange(5, 12));
    }
}
