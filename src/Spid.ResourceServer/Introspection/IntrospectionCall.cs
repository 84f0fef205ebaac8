using System.Diagnostics;
using System.Net;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Makes one call and measures it. Every way in which it can fail leaves as a <see cref="SpidException"/>; a fault of the token alone is an answer.</summary>
internal sealed class IntrospectionCall(ITokenStatusEndpoint endpoint, VerifierParts parts)
{
    /// <summary>Asks about a token. That the caller gives up is no fault of the endpoint.</summary>
    public async Task<TokenStatusAnswer> SendAsync(string token, CancellationToken linkedToken, CancellationToken callerToken)
    {
        using CallSpan span = VerifierTelemetry.Start("spid.introspection", ActivityKind.Client);
        long startedAt = parts.TimeProvider.GetTimestamp();
        string outcome = "cancelled";
        try
        {
            TokenStatusAnswer answer = await endpoint.AskAsync(token, linkedToken).ConfigureAwait(false);
            outcome = answer switch
            {
                { Fault: { } fault } => TagValues.Of(fault.Kind),
                { Result.IsActive: true } => "active",
                _ => "inactive",
            };
            return answer;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !callerToken.IsCancellationRequested)
        {
            SpidException error = ErrorOf(exception, endpoint.Address);
            outcome = TagValues.Of(error.Kind);
            throw error;
        }
        finally
        {
            parts.Telemetry.Introspected(parts.TimeProvider.GetElapsedTime(startedAt), outcome);
            span.SetOutcome(outcome);
            span.SetStatus(outcome is "active" or "inactive" ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        }
    }

    private static SpidException ErrorOf(Exception exception, Uri endpoint) => exception switch
    {
        SpidException error => Narrow(error),
        OperationCanceledException => Failures.Unreachable(endpoint, "it did not answer in time"),
        _ => Failures.Unreachable(endpoint, $"the call failed ({exception.GetType().Name})", exception),
    };

    /// <summary>The server token of a look-up can also be refused for a wrong address: that is a failure of the look-up, but not of the credentials.</summary>
    private static SpidException Narrow(SpidException exception) =>
        exception.Kind != SpidErrorKind.Configuration
        || OAuthErrors.RefusesCredentials(exception.OAuthError)
        || exception.SpidStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? exception
            : new SpidException(SpidErrorKind.Protocol, exception.Message, exception.InnerException, exception.SpidStatusCode) { OAuthError = exception.OAuthError };
}
