using System.Net;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Reliability;

/// <summary>The less time the old token has left, the shorter an attempt at the next one may take.</summary>
[CancelAfter(300_000)]
internal sealed class RefreshDeadlineTests
{
    [Test(Description = "A14")]
    public async Task GetTokenAsync_RefreshHangs_IsServedAtOnceUntilTheTokenExpires(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Token("token-1", 900));
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(870.1));
        client.Hang();

        for (double left = 29.9; left > 0.05; left -= 0.1)
        {
            ValueTask<ServerToken> call = client.Tokens.GetTokenAsync(cancellationToken);
            Assert.That(call.IsCompletedSuccessfully, Is.True, $"with {left:F1} s left");
            await client.StepAsync(TimeSpan.FromSeconds(0.1));
        }
    }

    [Test(Description = "The pause after a failed refresh keeps refreshes away, and nobody who has to wait")]
    public async Task GetTokenAsync_RefreshFailedJustBeforeTheExpiry_FirstCallerAfterItGetsAToken(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        client.Spid.AnswerWith(number => number == 2 ? StubSpid.Json(HttpStatusCode.OK, "no token") : StubSpid.Token("token", 60));
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(59.9));
        await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync(requests: 2);

        client.Time.Advance(TimeSpan.FromSeconds(0.2));
        await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(client.Spid.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task GetTokenAsync_RefreshHangs_AttemptEndsAfterAQuarterOfTheTimeLeft(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient();
        client.Spid.AnswerWith(_ => StubSpid.Token("token-1", 60));
        await client.Tokens.GetTokenAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(52));
        client.Hang();

        await client.Tokens.GetTokenAsync(cancellationToken);
        await Wait.UntilAsync(() => client.Blocked == 1);
        client.Time.Advance(TimeSpan.FromSeconds(1.9));
        int before = client.Blocked;
        client.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That(before, Is.EqualTo(1));
        Assert.That(client.Blocked, Is.Zero);
    }
}
