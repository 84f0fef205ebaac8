using Spid.AspNetCore.Tests.Shared;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>One state of a token or of SPiD, and what a caller gets for it in each mode; nothing where the state cannot be.</summary>
/// <param name="Name">The state.</param>
/// <param name="Headers">The values of the header that the request brings.</param>
internal sealed record TokenState(string Name, Func<PipelineRig, string[]> Headers)
{
    /// <summary>Gets what is configured beyond mode, mapping, credentials and audience.</summary>
    public Action<SpidBearerOptions> Configure { get; init; } = _ => { };

    /// <summary>Gets what happens before the request.</summary>
    public Func<PipelineRig, Task> Arrange { get; init; } = _ => Task.CompletedTask;

    public string Path { get; init; } = "/messages";

    public Outcome? Remote { get; init; }

    public Outcome? Local { get; init; }

    public Outcome? Auto { get; init; }

    public Outcome InAll
    {
        init => (Remote, Local, Auto) = (value, value, value);
    }

    public Outcome Locally
    {
        init => (Local, Auto) = (value, value);
    }

    public static TokenState With(string name, Func<PipelineRig, string> token) => new(name, rig => [$"Bearer {token(rig)}"]);

    public static TokenState Sending(string name, params string[] headers) => new(name, _ => headers);
}
