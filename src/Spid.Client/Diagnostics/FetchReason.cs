namespace Spid.Client.Diagnostics;

/// <summary>Why a token is requested; the names appear in lower case as a telemetry tag.</summary>
internal enum FetchReason
{
    Miss,
    Refresh,
    Renewal,
    Explicit,
}
