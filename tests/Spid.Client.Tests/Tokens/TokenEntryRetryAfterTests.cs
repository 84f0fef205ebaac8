using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

[CancelAfter(60_000)]
internal sealed class TokenEntryRetryAfterTests
{
    [Test]
    public async Task GetTokenAsync_FirstFailure_SaysWhenTheNextAttemptIsDue(CancellationToken cancellationToken)
    {
        using var client = new TestClient(options => options.Resilience.RetryAttempts = 0);
        client.Spid.AnswerWith(number => number == 1 ? StubSpid.Error(503) : StubSpid.Token("recovered"));

        SpidException failure = (await Assert.ThrowsAsync<SpidException>(() => client.Tokens.GetTokenAsync(cancellationToken).AsTask()))!;
        client.Time.Advance(failure.RetryAfter!.Value);

        Assert.That((await client.Tokens.GetTokenAsync(cancellationToken)).AccessToken, Is.EqualTo("recovered"));
    }
}
