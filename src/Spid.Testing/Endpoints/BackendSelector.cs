using Spid.Testing.Behavior;
using Spid.Testing.Clients;
using Spid.Testing.Faults;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary>Tells which of SPiD's two backends answers, and writes errors as that one does.</summary>
internal sealed class BackendSelector(SpidBehavior behavior)
{
    public bool IsModern(ServerRequest request) => behavior.Backend switch
    {
        SpidBackend.Legacy => false,
        SpidBackend.Modern => true,
        _ => string.Equals(request.Header("X-OIDC"), "v1", StringComparison.OrdinalIgnoreCase),
    };

    public Reply Error(ServerRequest request, int status, string error, string description) =>
        ErrorReplies.Create(IsModern(request) ? SpidErrorBody.OAuth : SpidErrorBody.Flat, status, error, description);

    /// <summary>Refuses a client with the given status: the token endpoint says 400, introspection 401.</summary>
    public Reply Refuse(ServerRequest request, AuthenticationFailure failure, int status) => failure switch
    {
        AuthenticationFailure.SeveralMethods => Error(request, 400, "invalid_request", "Credentials are given in more than one way."),
        _ when IsModern(request) => Error(request, status, "invalid_client", "Client authentication failed."),
        AuthenticationFailure.UnknownClient => Error(request, status, "invalid_client_id", "The client is not known."),
        _ => Error(request, status, "invalid_client_credentials", "The client secret is wrong."),
    };
}
