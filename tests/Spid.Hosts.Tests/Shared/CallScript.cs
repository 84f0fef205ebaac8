using Spid.Client;
using Spid.Testing;
using Spid.Testing.Faults;

namespace Spid.Hosts.Tests.Shared;

/// <summary>Twenty calls in good and bad times, the same for every kind of host.</summary>
/// <param name="host">The application.</param>
/// <param name="call">Makes one call of it.</param>
internal sealed class CallScript(ApiHost host, Func<CancellationToken, Task<CallOutcome>> call)
{
    private int _calls;

    /// <summary>Gets the origins that the requests must go to.</summary>
    public string[] Origins { get; init; } = [ApiHost.Address];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await CallAsync("all share a token", 4, tokenRequests: 1, [200], cancellationToken);

        host.Time.Advance(TimeSpan.FromMinutes(1));
        host.Api.Revoke(host.Api.LatestToken);
        await CallAsync("the token was revoked", 2, tokenRequests: 2, [200], cancellationToken);

        host.Api.Fail(2);
        await CallAsync("the service fails", 1, tokenRequests: 2, [200, 503], cancellationToken);
        host.Api.Fail(0);
        await CallAsync("the service has recovered", 1, tokenRequests: 2, [200], cancellationToken);

        await FailWithoutTokenAsync(cancellationToken);
        host.Time.Advance(TimeSpan.FromSeconds(31));
        await CallAsync("SPiD accepts the secret again", 3, tokenRequests: 4, [200], cancellationToken);

        host.Spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(503));
        await CallAsync("SPiD fails and the token is fresh", 2, tokenRequests: 4, [200], cancellationToken);

        // Past the time of the refresh, and before the end of the token's life.
        host.Time.Advance(TimeSpan.FromMinutes(13));
        await CallAsync("SPiD fails and the token is due", 2, tokenRequests: null, [200], cancellationToken);
        await host.Spid.Requests.WaitForAsync(SpidEndpoint.Token, 7, cancellationToken);
        AssertTokenRequests("one refresh of three attempts", 7);
        AssertTokens();
        Assert.That(_calls, Is.EqualTo(20));
    }

    private async Task FailWithoutTokenAsync(CancellationToken cancellationToken)
    {
        host.Time.Advance(TimeSpan.FromHours(1));
        host.Spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(400, SpidErrorBody.OAuth, "invalid_client"));
        (int attempts, int below) = (host.Api.Attempts.Count, host.AuthorizationsBelow.Count);
        for (int number = 0; number < 5; number++)
        {
            CallOutcome outcome = await NextAsync(cancellationToken);
            Assert.That(outcome.Failure?.Kind, Is.EqualTo(SpidErrorKind.Configuration), $"no token to be had: {outcome}");
        }

        AssertTokenRequests("no token to be had", 3);
        Assert.That((host.Api.Attempts.Count, host.AuthorizationsBelow.Count), Is.EqualTo((attempts, below)), "no attempt without a token");
        host.Spid.Faults.Clear();
    }

    private async Task CallAsync(string when, int count, int? tokenRequests, int[] statuses, CancellationToken cancellationToken)
    {
        CallOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => NextAsync(cancellationToken)));
        foreach (CallOutcome outcome in outcomes)
        {
            Assert.That(statuses, Does.Contain(outcome.Status), $"{when}: {outcome}");
        }

        if (tokenRequests is { } expected)
        {
            AssertTokenRequests(when, expected);
        }
    }

    private Task<CallOutcome> NextAsync(CancellationToken cancellationToken)
    {
        _calls++;
        return call(cancellationToken);
    }

    private void AssertTokenRequests(string when, int count) => Assert.That(host.TokenRequests, Is.EqualTo(count), when);

    private void AssertTokens()
    {
        string[] tokens = [.. host.Api.Attempts.Select(attempt => attempt.Token).OfType<string>().Distinct()];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Token), Has.None.Null, "each attempt carries a token");
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Origin).Distinct(), Is.SubsetOf(Origins), "tokens go to the service only");
            Assert.That(host.AuthorizationsBelow, Has.None.Null, "no handler of the application sees an attempt without a token");
            Assert.That(host.MessagesAbove.Select(message => message.Headers.Authorization), Has.All.Null, "the token is off the message");
            Assert.That(tokens, Has.Length.EqualTo(3));
            Assert.That(host.Logs.Lines.Where(line => tokens.Any(line.Contains)), Is.Empty, "no token is in a log");
        }
    }
}
