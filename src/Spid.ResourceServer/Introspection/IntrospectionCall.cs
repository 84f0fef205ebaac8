using System.Diagnostics;
using System.Net;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Makes one call, measures it, and notes its outcome. Every way in which it can fail leaves as a <see cref="SpidException"/>.</summary>
internal sealed class IntrospectionCall(VerifierSettings settings, VerifierParts parts, IntrospectionHealth health)
{
    /// <summary>Introspects a token, or looks it up. That the caller gives up is no fault of the endpoint.</summary>
    public async Task<SpidIntrospectionResult> SendAsync(string token, TokenLookUp? lookUp, CancellationToken either, CancellationToken caller)
    {
        using CallSpan span = VerifierTelemetry.Start("spid.introspection", ActivityKind.Client);
        long startedAt = parts.TimeProvider.GetTimestamp();
        string outcome = "cancelled";
        try
        {
            SpidIntrospectionResult answer = lookUp is null
                ? await IntrospectionEndpoint.RequestAsync(parts.GetHttpClient(), settings, token, parts.TimeProvider, either).ConfigureAwait(false)
                : await lookUp.RequestAsync(token, either).ConfigureAwait(false);
            outcome = answer.IsActive ? "active" : "inactive";
            health.Worked();
            return answer;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !caller.IsCancellationRequested)
        {
            SpidException error = ErrorOf(exception, lookUp is null ? settings.IntrospectionEndpoint : settings.LookUpEndpoint);
            outcome = TagValues.Of(error.Kind);
            health.Failed(error);
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

    /// <summary>
    /// Only these statuses say that SPiD refuses this service. Others that blame the request, as for an address or a body that is too
    /// long, concern this call: the token in it is chosen by an unauthenticated caller, who must not stop all others.
    /// </summary>
    private static SpidException Narrow(SpidException exception) =>
        exception.Kind != SpidErrorKind.Configuration
        || OAuthErrors.RefusesCredentials(exception.OAuthError)
        || exception.SpidStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? exception
            : new SpidException(SpidErrorKind.Protocol, exception.Message, exception.InnerException, exception.SpidStatusCode) { OAuthError = exception.OAuthError };
}
