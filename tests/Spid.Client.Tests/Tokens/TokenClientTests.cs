namespace Spid.Client.Tests.Tokens;

/// <summary>The token client over a stub of SPiD and a clock that the tests move.</summary>
[CancelAfter(60_000)]
internal sealed partial class TokenClientTests;
