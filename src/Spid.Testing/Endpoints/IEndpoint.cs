using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary>Answers the requests of one route.</summary>
internal interface IEndpoint
{
    Reply Handle(ServerRequest request);
}
