namespace Spid.ResourceServer.Verification;

/// <summary>An introspection answer as another process got it.</summary>
/// <param name="AskedAt">When it asked, by its own clock: what happened to the token since then it may not say.</param>
/// <param name="GoodUntil">Until when it may be used.</param>
/// <param name="Body">The answer.</param>
internal sealed record SharedAnswer(DateTimeOffset AskedAt, DateTimeOffset GoodUntil, ReadOnlyMemory<byte> Body)
{
    /// <summary>A record would print the answer.</summary>
    public override string ToString() => $"Answer of {AskedAt:O}";
}
