using Refit;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>An interface that Refit implements.</summary>
internal interface IMessages
{
    [Get("/messages")]
    Task<IApiResponse> GetAsync(CancellationToken cancellationToken);

    [Get("/messages")]
    [Headers("Authorization: Bearer")]
    Task<IApiResponse> GetMarkedAsync(CancellationToken cancellationToken);

    [Post("/messages")]
    Task<IApiResponse> PostAsync([Body] HttpContent content, CancellationToken cancellationToken);
}
