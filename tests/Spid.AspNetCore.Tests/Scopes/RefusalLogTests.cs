using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Scopes;

/// <summary>What the log says of a request that was refused, at Debug.</summary>
internal sealed class RefusalLogTests
{
    [Test(Description = "B34: the audience of the token, and that of the service")]
    public async Task Log_WrongAudience_NamesBoth()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        string token = rig.Issue(spec => spec.Audience[0] = "https://other.example.com");

        using HttpResponseMessage response = await rig.GetAsync(token);

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        AssertSaid(rig, token, $"Expected: audience {ApiRig.Audience}. Found: https://other.example.com.");
    }

    [Test(Description = "B34: the scopes of the endpoint, and those of the token")]
    public async Task Log_MissingScope_NamesBoth()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        string token = rig.Issue(spec => spec.Scope = "b a");

        using HttpResponseMessage response = await rig.GetAsync(token);

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        AssertSaid(rig, token, "Expected: SPiD scope: all of read:messages. Found: a b.");
    }

    [Test(Description = "B34: a token without scopes")]
    public async Task Log_NoScopeAtAll_SaysNone()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        string token = rig.Issue(spec => spec.Scope = "");

        using HttpResponseMessage response = await rig.GetAsync(token);

        AssertSaid(rig, token, "Expected: SPiD scope: all of read:messages. Found: none.");
    }

    private static void AssertSaid(ApiRig rig, string token, string expected)
    {
        string[] lines = [.. rig.Logs.Lines.Where(line => line.StartsWith("Debug Spid.", StringComparison.Ordinal))];
        Assert.That(lines, Has.Some.Contains(expected));
        Assert.That(lines.Any(line => token.Split('.').Any(part => line.Contains(part, StringComparison.Ordinal))), Is.False, "a part of the token is in the log");
    }
}
