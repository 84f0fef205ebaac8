using Microsoft.Extensions.Logging;

namespace Spid.ResourceServer.Diagnostics;

/// <content>What happens when the host starts and when options change.</content>
internal static partial class Log
{
    [LoggerMessage(Host, LogLevel.Information, "The options of SPiD verifier '{Verifier}' changed: what was known of tokens is dropped.", EventName = "VerifierOptionsChanged")]
    public static partial void OptionsChanged(ILogger logger, string verifier);

    [LoggerMessage(Host + 1, LogLevel.Information, "SPiD verifier '{Verifier}' passed its self test: SPiD accepts the credentials.", EventName = "SelfTestPassed")]
    public static partial void SelfTestPassed(ILogger logger, string verifier);

    [LoggerMessage(Host + 2, LogLevel.Error, "SPiD verifier '{Verifier}' failed its self test: {Reason}. The host starts all the same; tokens that need introspection are answered as unavailable.", EventName = "SelfTestFailed")]
    public static partial void SelfTestFailed(ILogger logger, string verifier, SpidVerificationReason reason);

    [LoggerMessage(Host + 3, LogLevel.Warning, "SPiD verifier '{Verifier}' has AllowPlainHttp set and uses {Authority}: over plain http the client secret and the tokens can be read on the way, and keys replaced, unless the network itself encrypts.", EventName = "VerifierPlainHttpAllowed")]
    public static partial void PlainHttpAllowed(ILogger logger, string verifier, string authority);

    [LoggerMessage(Host + 4, LogLevel.Error, "The changed options of {Owner} are invalid, and the previous ones stay in effect: {Errors}", EventName = "VerifierOptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, string owner, string errors);

    [LoggerMessage(Host + 5, LogLevel.Warning, "SPiD verifier '{Verifier}' could not test its credentials: the introspection endpoint refuses to look at a made-up token, or gives an answer to it that cannot be used. The first real token will tell.", EventName = "SelfTestInconclusive")]
    public static partial void SelfTestInconclusive(ILogger logger, string verifier);
}
