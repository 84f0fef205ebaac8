namespace Spid.Client.Tokens;

/// <summary>How the request of a fetch ended.</summary>
/// <param name="Error">What it failed with; <see langword="null"/> as well when it was left behind.</param>
/// <param name="IsTimeout">Whether it was left behind because the total timeout had elapsed.</param>
internal readonly record struct FetchEnd(SpidException? Error, bool IsTimeout);
