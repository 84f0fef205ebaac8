using Microsoft.Extensions.Logging;

namespace Spid.AspNetCore.Diagnostics;

/// <summary>Every log event. Ids are never reused; no event takes a token, secret, header or body.</summary>
internal static partial class Log
{
    private const int Requests = 210;

    [LoggerMessage(Requests, LogLevel.Warning, "Authentication scheme '{Scheme}' has to refuse a request before its token was looked at, because UseAuthentication has not run: move app.UseAuthentication() above app.UseAuthorization(), or add it there. This is said once.", EventName = "AuthenticationMissing")]
    public static partial void AuthenticationMissing(ILogger logger, string scheme);

    [LoggerMessage(Requests + 1, LogLevel.Debug, "A token of SPiD lacks a scope. Expected: {Expected}. Found: {Found}.", EventName = "ScopeMissing")]
    public static partial void ScopeMissing(ILogger logger, string expected, string found);
}
