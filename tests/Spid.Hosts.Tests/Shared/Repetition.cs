namespace Spid.Hosts.Tests.Shared;

/// <summary>A call with a body whose token has been revoked.</summary>
internal static class Repetition
{
    /// <summary>Makes the call, and asserts that it is repeated once with the bytes of the first time.</summary>
    public static async Task AssertSameBytesAsync(ApiHost host, Func<Task<CallOutcome>> call, string body)
    {
        await call();
        host.Api.Revoke(host.Api.LatestToken);

        CallOutcome outcome = await call();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Status, Is.EqualTo(200), outcome.ToString());
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Body), Is.EqualTo(new[] { body, body, body }));
            Assert.That(host.TokenRequests, Is.EqualTo(2));
        }
    }
}
