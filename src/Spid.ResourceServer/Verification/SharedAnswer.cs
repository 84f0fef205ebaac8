namespace Spid.ResourceServer.Verification;

/// <summary>An introspection answer as another process got it.</summary>
/// <param name="StoredAt">When it got it.</param>
/// <param name="GoodUntil">Until when it may be used.</param>
/// <param name="Body">The answer.</param>
internal sealed record SharedAnswer(DateTimeOffset StoredAt, DateTimeOffset GoodUntil, ReadOnlyMemory<byte> Body)
{
    /// <summary>A record would print the answer.</summary>
    public override string ToString() => $"Answer of {StoredAt:O}";
}
