namespace Spid.Client;

/// <summary>Classifies a <see cref="SpidException"/> by what helps against it.</summary>
public enum SpidErrorKind
{
    /// <summary>The request can never succeed as configured: credentials, scope, resource, authority or allowed origin. Change the options.</summary>
    Configuration,

    /// <summary>SPiD limits the request rate (HTTP 420 or 429). Wait for <see cref="SpidException.RetryAfter"/>.</summary>
    Throttled,

    /// <summary>SPiD failed or could not be reached (HTTP 5xx, 408, network, timeout). It may work later.</summary>
    Transient,

    /// <summary>SPiD answered with something that is not what the protocol promises.</summary>
    Protocol,
}
