namespace Api;

/// <summary>A message.</summary>
/// <param name="ClientId">The client that wrote it.</param>
/// <param name="Text">What it says.</param>
internal sealed record Message(string ClientId, string Text);
