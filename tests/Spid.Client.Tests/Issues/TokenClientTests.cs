namespace Spid.Client.Tests.Issues;

/// <summary>Faults that other libraries had, each tried on this one. Numbers of issues are those of the library named.</summary>
[CancelAfter(60_000)]
internal sealed partial class TokenClientTests;
