using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>Edge case 90: every state of a token and of SPiD, in every mode, under both mappings, through the whole pipeline.</summary>
internal sealed class TokenStateTests
{
    public static IEnumerable<TestCaseData> Cases() =>
        from state in TokenStates.All().Concat(SpidStates.All())
        from mode in Enum.GetValues<SpidVerificationMode>()
        where OutcomeOf(state, mode) is not null
        from mapping in Enum.GetValues<SpidFailureMapping>()
        select new TestCaseData(state, mode, mapping).SetArgDisplayNames(state.Name, $"{mode}", $"{mapping}").SetDescription("Edge case 90");

    public static IEnumerable<TestCaseData> Modes() =>
        from state in TokenStates.All().Concat(SpidStates.All())
        from mode in Enum.GetValues<SpidVerificationMode>()
        where state.Path == "/messages" && OutcomeOf(state, mode) is not null
        select new TestCaseData(state, mode).SetArgDisplayNames(state.Name, $"{mode}").SetDescription("Edge case 93");

    [TestCaseSource(nameof(Cases))]
    public async Task Request_State_IsAnsweredSo(TokenState state, SpidVerificationMode mode, SpidFailureMapping mapping)
    {
        await using PipelineRig rig = await StartAsync(state, mode, mapping);
        await state.Arrange(rig);
        int before = rig.Spid.Introspections;
        Outcome expected = OutcomeOf(state, mode)!;

        Answer answer = await rig.SendAsync(state.Path, state.Headers(rig));

        Assert.That(answer, Is.EqualTo(mapping == SpidFailureMapping.Spid ? expected.Spid : expected.Rfc6750));

        // A probe of the credentials is made in the background.
        Assert.That(() => rig.Spid.Introspections - before, Is.EqualTo(expected.Calls).After(30_000, 5));
    }

    [TestCaseSource(nameof(Modes))]
    public async Task Request_StateAtAnOpenEndpoint_RunsAndNobodyIsNamedUnlessTheTokenIsGood(TokenState state, SpidVerificationMode mode)
    {
        await using PipelineRig rig = await StartAsync(state, mode, SpidFailureMapping.Spid);
        await state.Arrange(rig);

        Answer answer = await rig.SendAsync("/open", state.Headers(rig));

        Answer elsewhere = OutcomeOf(state, mode)!.Spid;
        bool isGood = elsewhere == Answer.LetIn || elsewhere == Outcome.ScopesMissing.Spid;
        Assert.That((answer.Status, answer.Challenge), Is.EqualTo((200, "")));
        Assert.That(answer.Body, isGood ? Is.EqualTo(ResourceServer.Tests.Shared.Forge.ClientId) : Is.EqualTo("nobody"));
    }

    private static Outcome? OutcomeOf(TokenState state, SpidVerificationMode mode) => mode switch
    {
        SpidVerificationMode.Remote => state.Remote,
        SpidVerificationMode.Local => state.Local,
        _ => state.Auto,
    };

    private static Task<PipelineRig> StartAsync(TokenState state, SpidVerificationMode mode, SpidFailureMapping mapping) => PipelineRig.StartAsync(options =>
    {
        (options.Mode, options.FailureMapping) = (mode, mapping);
        if (mode == SpidVerificationMode.Local)
        {
            (options.ClientId, options.ClientSecret) = (null, null);
        }

        state.Configure(options);
    });
}
