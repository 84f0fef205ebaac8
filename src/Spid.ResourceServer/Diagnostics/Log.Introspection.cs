using Microsoft.Extensions.Logging;
using Spid.Client;

namespace Spid.ResourceServer.Diagnostics;

/// <content>Calls to the introspection endpoint: changes only, for an outage has many requests.</content>
internal static partial class Log
{
    [LoggerMessage(Introspection, LogLevel.Critical, "SPiD refuses the credentials of verifier '{Verifier}': error code {OAuthError}, status {Status}. No token can be introspected until ClientId and ClientSecret are right.", EventName = "IntrospectionRefused")]
    public static partial void IntrospectionRefused(ILogger logger, string verifier, string oAuthError, string status);

    [LoggerMessage(Introspection + 1, LogLevel.Warning, "SPiD verifier '{Verifier}' cannot introspect: {Kind}, error code {OAuthError}, status {Status}. Tokens that need it are answered as unavailable.", EventName = "IntrospectionFailed")]
    public static partial void IntrospectionFailed(ILogger logger, string verifier, SpidErrorKind kind, string oAuthError, string status);

    [LoggerMessage(Introspection + 2, LogLevel.Information, "SPiD verifier '{Verifier}' can introspect again.", EventName = "IntrospectionRecovered")]
    public static partial void IntrospectionRecovered(ILogger logger, string verifier);
}
