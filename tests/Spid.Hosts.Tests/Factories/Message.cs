namespace Spid.Hosts.Tests.Factories;

/// <summary>What a caller writes.</summary>
internal sealed record Message(string Text);
