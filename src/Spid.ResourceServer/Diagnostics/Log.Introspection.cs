using Microsoft.Extensions.Logging;
using Spid.Client;

namespace Spid.ResourceServer.Diagnostics;

/// <content>Calls to the introspection endpoint and look-ups: changes only, for an outage has many requests.</content>
internal static partial class Log
{
    [LoggerMessage(Introspection, LogLevel.Critical, "SPiD refuses the credentials of verifier '{Verifier}' at {Endpoint}: error code {OAuthError}, status {Status}. No token can be verified there until ClientId and ClientSecret are right.", EventName = "IntrospectionRefused")]
    public static partial void IntrospectionRefused(ILogger logger, string verifier, string endpoint, string oAuthError, string status);

    [LoggerMessage(Introspection + 1, LogLevel.Warning, "SPiD verifier '{Verifier}' gets no answers from {Endpoint}: {Kind}, error code {OAuthError}, status {Status}. Tokens that need it are answered as unavailable.", EventName = "IntrospectionFailed")]
    public static partial void IntrospectionFailed(ILogger logger, string verifier, string endpoint, SpidErrorKind kind, string oAuthError, string status);

    [LoggerMessage(Introspection + 2, LogLevel.Information, "SPiD verifier '{Verifier}' gets answers from {Endpoint} again.", EventName = "IntrospectionRecovered")]
    public static partial void IntrospectionRecovered(ILogger logger, string verifier, string endpoint);

    [LoggerMessage(Introspection + 3, LogLevel.Warning, "SPiD verifier '{Verifier}' got no status for a token, which is answered as unavailable; others are not affected. {Fault} This is logged once a minute at most.", EventName = "TokenNotIntrospected")]
    public static partial void TokenNotIntrospected(ILogger logger, string verifier, string fault);
}
