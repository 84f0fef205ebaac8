namespace Spid.Client.Http;

/// <summary>
/// Stands next to the transport and sees where a request with a token really goes, after all other handlers: they may have resolved
/// a service name, rewritten the address, or followed a redirect with a copy of the headers.
/// </summary>
/// <param name="owner">The handler that attaches the tokens.</param>
internal sealed class OriginGuard(SpidTokenHandler owner) : DelegatingHandler
{
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

        ServiceNameCall? call = owner.ServiceNameCall;
        AllowedOrigins origins = owner.Parts.Origins.Current;
        if (!Allows(origins, call, request.RequestUri))
        {
            return Task.FromException<HttpResponseMessage>(new TokenWithheldException(origins.Refuse(request.RequestUri)));
        }

        Task<HttpResponseMessage> sending = base.SendAsync(request, cancellationToken);

        // Among listed origins alone a redirect leads nowhere that the check above would not see.
        return call is null ? sending : WatchAsync(sending, request.RequestUri!, call);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!CarriesToken(request))
        {
            return base.Send(request, cancellationToken);
        }

        ServiceNameCall? call = owner.ServiceNameCall;
        AllowedOrigins origins = owner.Parts.Origins.Current;
        if (!Allows(origins, call, request.RequestUri))
        {
            throw new TokenWithheldException(origins.Refuse(request.RequestUri));
        }

        Uri address = request.RequestUri!;
        HttpResponseMessage response = base.Send(request, cancellationToken);
        Note(response, address, call);
        return response;
    }

    private static Origin OriginOf(Uri uri)
    {
        _ = Origin.TryCreate(uri, allowPlainHttp: true, out Origin origin);
        return origin;
    }

    private static bool Allows(AllowedOrigins origins, ServiceNameCall? call, Uri? address) =>
        origins.AllowsAddress(address, isServiceName: call is not null) && (call is null || origins.Allows(address) || call.MayGoTo(OriginOf(address!)));

    private static async Task<HttpResponseMessage> WatchAsync(Task<HttpResponseMessage> sending, Uri address, ServiceNameCall call)
    {
        HttpResponseMessage response = await sending.ConfigureAwait(false);
        Note(response, address, call);
        return response;
    }

    /// <summary>Whatever its status: handlers follow what they find in the header. One that cannot be read leads nowhere.</summary>
    private static void Note(HttpResponseMessage? response, Uri address, ServiceNameCall? call)
    {
        if (call is not null
            && response?.Headers.Location is { } location
            && Uri.TryCreate(address, location, out Uri? target)
            && OriginOf(target) is var origin
            && origin != OriginOf(address))
        {
            call.NoteRedirect(origin);
        }
    }

    private bool CarriesToken(HttpRequestMessage request) => owner.Parts.Attached.AreOn(request);
}
