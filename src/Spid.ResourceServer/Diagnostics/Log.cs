using Microsoft.Extensions.Logging;

namespace Spid.ResourceServer.Diagnostics;

/// <summary>Every log event. Ids are never reused; no event takes a token, secret, header or body. Tokens go by the first 8 hex digits of their hash.</summary>
internal static partial class Log
{
    private const int Verification = 110;
    private const int Introspection = 130;
    private const int Keys = 150;
    private const int Host = 170;

    [LoggerMessage(Verification, LogLevel.Debug, "SPiD verifier '{Verifier}' did not accept token {TokenHash}: {Status}, {Reason}. Expected: {Expected}. Found: {Found}.", EventName = "TokenNotAccepted")]
    public static partial void TokenNotAccepted(
        ILogger logger, string verifier, string tokenHash, SpidVerificationStatus status, SpidVerificationReason reason, string expected, string found);

    [LoggerMessage(Verification + 1, LogLevel.Warning, "SPiD verifier '{Verifier}' could not use the distributed cache ({Error}) and goes on without it for a while.", EventName = "SharedStoreFailed")]
    public static partial void SharedStoreFailed(ILogger logger, string verifier, string error);
}
