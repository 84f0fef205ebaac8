using Microsoft.Extensions.Logging;

namespace Spid.Client.Diagnostics;

/// <summary>Every log event. Ids are never reused; no event takes a token, secret, header or body.</summary>
internal static partial class Log
{
    private const int Tokens = 10;
    private const int Handler = 30;
    private const int Host = 50;

    [LoggerMessage(Tokens, LogLevel.Information, "SPiD client '{Client}' uses {TokenEndpoint}, authentication {Authentication}, scope '{Scope}', resources [{Resources}].", EventName = "ClientConfigured")]
    public static partial void ClientConfigured(ILogger logger, string client, string tokenEndpoint, SpidClientAuthentication authentication, string? scope, IEnumerable<string> resources);

    [LoggerMessage(Tokens + 1, LogLevel.Debug, "SPiD client '{Client}' obtained a token ({Reason}) in {Milliseconds} ms; it lives for {LifetimeSeconds} s.", EventName = "TokenObtained")]
    public static partial void TokenObtained(ILogger logger, string client, FetchReason reason, long milliseconds, long lifetimeSeconds);

    [LoggerMessage(Tokens + 2, LogLevel.Error, "SPiD client '{Client}' could not obtain a token ({Reason}): {Kind}, error code {OAuthError}, status {Status}. {Advice}", EventName = "TokenRequestFailed")]
    public static partial void TokenRequestFailed(ILogger logger, string client, FetchReason reason, SpidErrorKind kind, string oAuthError, string status, string advice);

    [LoggerMessage(Tokens + 3, LogLevel.Warning, "SPiD client '{Client}' could not renew its token and goes on with the old one: {Kind}, error code {OAuthError}, status {Status}. {Advice}", EventName = "TokenRefreshFailed")]
    public static partial void TokenRefreshFailed(ILogger logger, string client, SpidErrorKind kind, string oAuthError, string status, string advice);

    [LoggerMessage(Tokens + 4, LogLevel.Warning, "SPiD client '{Client}' asked for scope '{RequestedScope}' and was granted less; APIs may answer 403.", EventName = "ScopeNarrowed")]
    public static partial void ScopeNarrowed(ILogger logger, string client, string? requestedScope);

    [LoggerMessage(Tokens + 5, LogLevel.Warning, "SPiD refused the {Refused} of client '{Client}' and accepted the other one, which is used from now on.", EventName = "SecretSwitched")]
    public static partial void SecretSwitched(ILogger logger, string refused, string client);

    [LoggerMessage(Tokens + 6, LogLevel.Warning, "SPiD gave client '{Client}' a token without a lifetime: each is shared for one second, and then another is requested.", EventName = "TokenWithoutLifetime")]
    public static partial void TokenWithoutLifetime(ILogger logger, string client);

    [LoggerMessage(Tokens + 7, LogLevel.Information, "The options of SPiD client '{Client}' changed; its tokens are {Tokens}.", EventName = "OptionsChanged")]
    public static partial void OptionsChanged(ILogger logger, string client, string tokens);

    [LoggerMessage(Tokens + 8, LogLevel.Warning, "An API refused a token of SPiD client '{Client}' that had just been renewed; renewing is paused for {PauseSeconds} s. Check the audience and scopes that the API expects.", EventName = "RenewalPaused")]
    public static partial void RenewalPaused(ILogger logger, string client, long pauseSeconds);

    [LoggerMessage(Tokens + 9, LogLevel.Warning, "SPiD client '{Client}' asks for scope '{Scope}', which has a comma. Scopes are separated by spaces (RFC 6749 section 3.3); with a comma they are one scope.", EventName = "ScopeHasComma")]
    public static partial void ScopeHasComma(ILogger logger, string client, string scope);

    [LoggerMessage(Handler, LogLevel.Debug, "The request has an Authorization header of its own, which is left as it is.", EventName = "AuthorizationKept")]
    public static partial void AuthorizationKept(ILogger logger);

    [LoggerMessage(Handler + 1, LogLevel.Information, "{Origin} refused the token (401); the request is repeated with a renewed one.", EventName = "RequestReplayed")]
    public static partial void RequestReplayed(ILogger logger, string origin);

    [LoggerMessage(Handler + 2, LogLevel.Warning, "{Origin} refused the token (401), but the request cannot be repeated: its body is longer than ReplayBufferLimit, was still being sent, or was not sent as a whole. The answer goes to the caller, and the next request has a renewed token.", EventName = "ReplayImpossible")]
    public static partial void ReplayImpossible(ILogger logger, string origin);

    [LoggerMessage(Handler + 3, LogLevel.Warning, "{Origin} refused the token (401), and renewing it failed: {Kind}, error code {OAuthError}. The answer goes to the caller.", EventName = "RenewalFailed")]
    public static partial void RenewalFailed(ILogger logger, string origin, SpidErrorKind kind, string oAuthError);

    [LoggerMessage(Host, LogLevel.Warning, "SPiD client '{Client}' has no token after warm-up: {Kind}, error code {OAuthError}. The host starts all the same, and the attempts go on.", EventName = "WarmUpFailed")]
    public static partial void WarmUpFailed(ILogger logger, string client, SpidErrorKind kind, string oAuthError);

    [LoggerMessage(Host + 1, LogLevel.Warning, "SPiD client '{Client}' has AllowPlainHttp set and uses {TokenEndpoint}: over plain http the client secret and the tokens can be read on the way, unless the network itself encrypts.", EventName = "PlainHttpToSpidAllowed")]
    public static partial void PlainHttpToSpidAllowed(ILogger logger, string client, string tokenEndpoint);

    [LoggerMessage(Host + 2, LogLevel.Warning, "HttpClient '{HttpClient}' has AllowPlainHttp set: over plain http its tokens can be read on the way, unless the network itself encrypts.", EventName = "PlainHttpToApiAllowed")]
    public static partial void PlainHttpToApiAllowed(ILogger logger, string httpClient);

    [LoggerMessage(Host + 3, LogLevel.Error, "The changed options of {Owner} are invalid, and the previous ones stay in effect: {Errors}", EventName = "OptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, string owner, string errors);
}
