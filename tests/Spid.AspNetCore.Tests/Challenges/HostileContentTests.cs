using System.Text.Json.Nodes;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>Edge case 91: whatever stands in a token, the answer says it in words of its own.</summary>
internal sealed class HostileContentTests
{
    private static readonly string[] Texts =
    [
        "evil\", error=\"insufficient_scope",
        "evil\r\nSet-Cookie: evil=1",
        "evil\\",
        "evil\u0000\u0001\u007f",
        "evil ä€😀",
        new string('e', 3_000) + "evil",
    ];

    public static IEnumerable<TestCaseData> Cases() =>
        from place in new[] { "kid", "alg", "typ", "iss", "aud", "client_id", "scope", "sub", "jti", "class", "unknown" }
        from mode in new[] { SpidVerificationMode.Auto, SpidVerificationMode.Remote }
        from mapping in Enum.GetValues<SpidFailureMapping>()
        select new TestCaseData(place, mode, mapping).SetDescription("Edge case 91");

    [TestCaseSource(nameof(Cases))]
    public async Task Request_HostileContent_NothingOfItIsInTheAnswer(string place, SpidVerificationMode mode, SpidFailureMapping mapping)
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(options =>
        {
            (options.Mode, options.FailureMapping) = (mode, mapping);
            options.AllowedClients.Add("friend");
        });
        bool isInHeader = place is "kid" or "alg" or "typ";

        foreach (string text in Texts)
        {
            void Edit(JsonObject content) => content[place] = text;
            rig.AnswerActive(isInHeader ? null : Edit);
            Answer answer = await rig.GetAsync(rig.Sign(isInHeader ? null : Edit, isInHeader ? Edit : null));

            using (Assert.EnterMultipleScope())
            {
                Assert.That(answer.Status, Is.InRange(400, 403), answer.ToString());
                Assert.That(answer.Headers, Does.Not.Contain("evil").And.Not.Contain("Set-Cookie"));
                Assert.That(answer.Challenge, Does.Match("^Bearer realm=\"SPiD\"(, [a-z_]+=\"[ !#-\\[\\]-~]*\")*$"));
                Assert.That(answer.Body, Is.Empty);
            }

            // The next unknown key id may cause a fetch again.
            rig.Time.Advance(TimeSpan.FromSeconds(30));
        }
    }
}
