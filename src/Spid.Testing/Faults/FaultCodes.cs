namespace Spid.Testing.Faults;

/// <summary>The error code that usually goes with a status.</summary>
internal static class FaultCodes
{
    public static string Of(int status) => status switch
    {
        400 => "invalid_request",
        401 => "invalid_token",
        403 => "insufficient_scope",
        420 or 429 => "too_many_requests",
        503 => "temporarily_unavailable",
        _ => "server_error",
    };
}
