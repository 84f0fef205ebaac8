using System.Collections.Concurrent;
using System.Net;

namespace Spid.Client.Http;

/// <summary>
/// Stands next to the transport and sees where a request with a token really goes, after all other handlers: they may have resolved
/// a service name, rewritten the address, or followed a redirect with a copy of the headers.
/// </summary>
/// <param name="owner">The handler that attaches the tokens.</param>
internal sealed class OriginGuard(SpidTokenHandler owner) : DelegatingHandler
{
    private const int MaximumTargets = 100;

    private readonly ConcurrentDictionary<Origin, bool> _redirectTargets = new();

    /// <summary>Puts a guard above the primary handler of a chain that has sent no request yet, which may be shared with other chains.</summary>
    /// <param name="owner">The handler that attaches the tokens.</param>
    /// <param name="primary">The primary handler; where it is not in the chain, the last handler is taken for it.</param>
    public static void Insert(SpidTokenHandler owner, HttpMessageHandler? primary)
    {
        DelegatingHandler above = owner;
        while (above.InnerHandler != primary && above.InnerHandler is DelegatingHandler inner)
        {
            above = inner;
        }

        if (above.InnerHandler is { } transport)
        {
            above.InnerHandler = new OriginGuard(owner) { InnerHandler = transport };
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!CarriesToken(request))
        {
            return base.SendAsync(request, cancellationToken);
        }

        AllowedOrigins origins = owner.Parts.Origins.Current;
        if (!Allows(origins, request.RequestUri))
        {
            return Task.FromException<HttpResponseMessage>(new TokenWithheldException(origins.Refuse(request.RequestUri)));
        }

        Task<HttpResponseMessage> sending = base.SendAsync(request, cancellationToken);

        // Among listed origins alone a redirect leads nowhere that the check above would not see.
        return origins.HasServiceNames ? WatchAsync(sending, request.RequestUri!, origins) : sending;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!CarriesToken(request))
        {
            return base.Send(request, cancellationToken);
        }

        AllowedOrigins origins = owner.Parts.Origins.Current;
        if (!Allows(origins, request.RequestUri))
        {
            throw new TokenWithheldException(origins.Refuse(request.RequestUri));
        }

        Uri address = request.RequestUri!;
        HttpResponseMessage response = base.Send(request, cancellationToken);
        Note(response, address, origins);
        return response;
    }

    private static Origin OriginOf(Uri uri)
    {
        _ = Origin.TryCreate(uri, allowPlainHttp: true, out Origin origin);
        return origin;
    }

    private bool CarriesToken(HttpRequestMessage request) => owner.Parts.Attached.AreOn(request);

    private bool Allows(AllowedOrigins origins, Uri? address) =>
        origins.AllowsAddress(address) && (_redirectTargets.IsEmpty || origins.Allows(address) || !_redirectTargets.ContainsKey(OriginOf(address!)));

    private async Task<HttpResponseMessage> WatchAsync(Task<HttpResponseMessage> sending, Uri address, AllowedOrigins origins)
    {
        HttpResponseMessage response = await sending.ConfigureAwait(false);
        Note(response, address, origins);
        return response;
    }

    /// <summary>What stands behind a service name is found by the application; where a redirect leads is said by whoever answers.</summary>
    private void Note(HttpResponseMessage response, Uri address, AllowedOrigins origins)
    {
        if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest
            && response.Headers.Location is { } location
            && new Uri(address, location) is { IsAbsoluteUri: true } target
            && OriginOf(target) is var origin
            && origin != OriginOf(address)
            && !origins.Allows(target)
            && _redirectTargets.Count < MaximumTargets)
        {
            _redirectTargets.TryAdd(origin, true);
        }
    }
}
