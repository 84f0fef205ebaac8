using System.Globalization;
using Spid.Testing.Behavior;
using Spid.Testing.Clients;
using Spid.Testing.Faults;
using Spid.Testing.Requests;
using Spid.Testing.Tokens;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary>Takes a request through log, faults, rate limit and endpoint.</summary>
internal sealed class SpidPipeline(
    Router router, SpidRequestLog log, SpidFaults faults, RateLimiter limiter, TokenStore store, TimeProvider timeProvider)
{
    public async Task<Reply> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        var endpoint = Router.Find(request.Path);
        var entry = new SpidRequest(endpoint, request, ClientIdOf(request), timeProvider.GetUtcNow());
        var fault = faults.Take(endpoint);

        // Started before the request shows in the log, so that a test that waits for it may move the clock at once.
        var pause = fault is { Wait.Ticks: > 0 } ? Task.Delay(fault.Wait, timeProvider, cancellationToken) : Task.CompletedTask;
        log.Add(entry);
        await pause.ConfigureAwait(false);

        var reply = Answer(fault, endpoint, request);
        entry.Status = reply.Delivery is Delivery.HangingHeaders or Delivery.Dropped ? null : reply.Status;
        return reply.With("Date", timeProvider.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
    }

    private Reply Answer(SpidFault? fault, SpidEndpoint endpoint, ServerRequest request)
    {
        Reply Usual() => limiter.Check(endpoint) ?? router.Handle(endpoint, request);
        return fault is null ? Usual() : fault.Apply(Usual);
    }

    private string? ClientIdOf(ServerRequest request) => request.Credentials("Bearer") is { } bearer
        ? store.Find(bearer)?.ClientId
        : ClientAuthenticator.ClaimedClientId(request);
}
