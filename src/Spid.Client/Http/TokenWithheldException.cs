namespace Spid.Client.Http;

/// <summary>
/// Carries a refusal of the guard through the handlers between it and the token handler. It is no <see cref="HttpRequestException"/>,
/// which a resilience handler would take for a failure of the service and repeat.
/// </summary>
internal sealed class TokenWithheldException(SpidException refusal) : InvalidOperationException(refusal.Message)
{
    public SpidException Refusal { get; } = refusal;
}
