namespace Spid.ResourceServer.Verification;

/// <summary>Compares issuers and audiences: ordinally, but SPiD writes both with and without a trailing slash.</summary>
internal static class SlashTolerant
{
    public static bool AreEqual(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => Trim(one).SequenceEqual(Trim(other));

    /// <summary>Takes one slash off and no more: two are another address.</summary>
    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.EndsWith("/", StringComparison.Ordinal) ? text[..^1] : text;
}
