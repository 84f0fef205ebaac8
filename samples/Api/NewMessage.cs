namespace Api;

/// <summary>A message as a caller sends it.</summary>
/// <param name="Text">What it says.</param>
internal sealed record NewMessage(string Text);
