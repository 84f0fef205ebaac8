using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary>Answers the requests of one route.</summary>
internal interface IEndpoint
{
    public Reply Handle(ServerRequest request);
}
