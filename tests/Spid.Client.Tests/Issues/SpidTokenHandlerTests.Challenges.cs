using System.Net;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <content>Only the error attribute of a challenge says <c>insufficient_scope</c>; the same letters elsewhere say nothing (RFC 6750 section 3).</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCase("Bearer error=\"invalid_token\", error_description=\"expired, not insufficient_scope\"")]
    [TestCase("Bearer error=\"invalid_token\", error_uri=\"https://docs.example.com/insufficient_scope\"")]
    [TestCase("Bearer realm=\"insufficient_scope\"")]
    [TestCase("Bearer error=\"not_insufficient_scope\"")]
    [TestCase("Bearer x_error=\"insufficient_scope\"")]
    public async Task SendAsync_ChallengeNamesInsufficientScopeInPassing_RenewsAndRepeats(string challenge, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(call =>
        {
            var answer = new HttpResponseMessage(call.Number == 1 ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
            return answer;
        });

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
    }

    [TestCase("Bearer error = \"insufficient_scope\"")]
    [TestCase("Bearer realm=\"a, error=b\", error=\"insufficient_scope\"")]
    [TestCase("Bearer ERROR=\"insufficient_scope\",scope=\"x\"")]
    [TestCase("Bearer scope=\"x\",error=insufficient_scope")]
    public async Task SendAsync_ErrorAttributeInAnyNotation_RenewsNothing(string challenge, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
            return answer;
        });

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Spid.Count, Is.EqualTo(1));
    }
}
