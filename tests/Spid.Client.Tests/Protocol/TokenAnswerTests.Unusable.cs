using System.Net;
using RichardSzalay.MockHttp;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

/// <content>Bodies with status 200 that are no token.</content>
[CancelAfter(60_000)]
internal sealed partial class TokenAnswerTests
{
    [TestCaseSource(typeof(TokenBodies), nameof(TokenBodies.Unusable))]
    [Test(Description = "V11, CVE-2023-27496, CVE-2024-43485, RFC 6749 section 7.1")]
    public async Task Read_UnusableBody_IsAProtocolErrorThatNamesTheFault(byte[] body, string fault, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Resilience.RetryAttempts = 2);
        MockedRequest endpoint = spid.AnswerAlways(HttpStatusCode.OK, body);

        SpidException failure = await spid.FailThroughCacheAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Protocol));
            Assert.That(failure.Message, Does.Contain($"the body cannot be used: {fault}."));
            Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(failure.OAuthError, Is.Null);
            Assert.That(failure.RetryAfter, Is.Null);
            Assert.That(failure.InnerException, Is.Null);
            Assert.That(spid.Http.GetMatchCount(endpoint), Is.EqualTo(1));
            Assert.That(spid.Tokens.Cache.Default.SecondsLeft, Is.Null);
        }
    }

    [Test]
    public void Unusable_Corpus_HasNoFewerThanTheBodiesItPromises() =>
        Assert.That(TokenBodies.Unusable().Count(), Is.GreaterThanOrEqualTo(120));
}
