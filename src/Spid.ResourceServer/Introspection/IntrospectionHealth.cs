using Microsoft.Extensions.Logging;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;

namespace Spid.ResourceServer.Introspection;

/// <summary>Remembers what came of the last call, and logs changes: one line when it begins to fail, not one for each request.</summary>
internal sealed class IntrospectionHealth(string verifier, ILogger logger)
{
    private SpidException? _lastError;

    public IntrospectionStatus Status(bool isLeftAlone) => (Volatile.Read(ref _lastError)?.Kind, isLeftAlone) switch
    {
        (SpidErrorKind.Configuration, true) => IntrospectionStatus.CredentialsRefused,
        (_, true) => IntrospectionStatus.Failing,
        (null, false) => IntrospectionStatus.Working,
        _ => IntrospectionStatus.Recovering,
    };

    public void Worked()
    {
        if (Volatile.Read(ref _lastError) is not null && Interlocked.Exchange(ref _lastError, null) is not null)
        {
            Log.IntrospectionRecovered(logger, verifier);
        }
    }

    public void Failed(SpidException error)
    {
        SpidException? before = Interlocked.Exchange(ref _lastError, error);
        if (before?.Kind == error.Kind && before.SpidStatusCode == error.SpidStatusCode)
        {
            return;
        }

        string status = error.SpidStatusCode is { } code ? ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture) : "none";
        if (error.Kind == SpidErrorKind.Configuration)
        {
            Log.IntrospectionRefused(logger, verifier, error.OAuthError ?? "none", status);
        }
        else
        {
            Log.IntrospectionFailed(logger, verifier, error.Kind, error.OAuthError ?? "none", status);
        }
    }
}
