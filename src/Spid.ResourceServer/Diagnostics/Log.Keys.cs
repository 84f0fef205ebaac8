using Microsoft.Extensions.Logging;
using Spid.Client;

namespace Spid.ResourceServer.Diagnostics;

/// <content>Fetches of the key set.</content>
internal static partial class Log
{
    [LoggerMessage(Keys, LogLevel.Debug, "SPiD verifier '{Verifier}' fetched {Count} keys; {Skipped} others are of no use to it.", EventName = "KeySetFetched")]
    public static partial void KeySetFetched(ILogger logger, string verifier, int count, int skipped);

    [LoggerMessage(Keys + 1, LogLevel.Warning, "SPiD verifier '{Verifier}' left out {Count} key ids that stand for more than one key.", EventName = "KeysAmbiguous")]
    public static partial void KeysAmbiguous(ILogger logger, string verifier, int count);

    [LoggerMessage(Keys + 2, LogLevel.Warning, "SPiD verifier '{Verifier}' could not fetch the key set and goes on with the one of {AgeSeconds} s ago: {Kind}, status {Status}.", EventName = "KeySetNotRefreshed")]
    public static partial void KeySetNotRefreshed(ILogger logger, string verifier, SpidErrorKind kind, string status, long ageSeconds);

    [LoggerMessage(Keys + 3, LogLevel.Error, "SPiD verifier '{Verifier}' has no usable key set and could not fetch one: {Kind}, status {Status}.", EventName = "KeySetMissing")]
    public static partial void KeySetMissing(ILogger logger, string verifier, SpidErrorKind kind, string status);

    [LoggerMessage(Keys + 4, LogLevel.Warning, "SPiD verifier '{Verifier}' left out {Count} keys that cannot be read: each must be a JSON object without repeated members, at most 16 levels deep.", EventName = "KeysMalformed")]
    public static partial void KeysMalformed(ILogger logger, string verifier, int count);
}
