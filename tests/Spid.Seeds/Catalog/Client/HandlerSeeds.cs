using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Client;

/// <summary>Faults of the handler that attaches tokens.</summary>
internal static class HandlerSeeds
{
    private const string Origins = "src/Spid.Client/Http/AllowedOrigins.cs";
    private const string Renewal = "src/Spid.Client/Http/SpidTokenHandler.Renewal.cs";
    private const string Handler = "src/Spid.Client/Http/SpidTokenHandler.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("handler/any-scheme", "Where any https origin may have the token, plain http gets it as well.")
        {
            Edits = [new(Origins, "return _anyHttps && uri.Scheme == Uri.UriSchemeHttps;", "return _anyHttps;")],
            Detectors = [Detector.Tests(Tests, "AllowedOriginsTests")],
        },
        new("handler/any-port", "Another port of an allowed host gets the token.")
        {
            Edits = [new("src/Spid.Client/Http/Origin.cs", "Port == uri.Port && Scheme == uri.Scheme", "Scheme == uri.Scheme")],
            Detectors = [Detector.Tests(Tests, "AllowedOriginsTests")],
        },
        new("handler/override-unchecked", "A request that asks for a token of its own may go to any origin.")
        {
            Edits = [new(Handler, "if (!origins.Allows(request.RequestUri))", "if (overrides.Token is null && !origins.Allows(request.RequestUri))")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "HandlerAcceptanceTests")],
        },
        new("handler/redirect-target", "The target of a redirect that answers 401 gets a renewed token.")
        {
            Edits = [new(Renewal, "|| !CarriedToken(request, token))", "|| token is null)")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/one-shot-replayed", "A body that can be read once is sent a second time.")
        {
            Edits = [new("src/Spid.Client/Http/Replay.cs", "StreamContent stream => stream.ReadAsStream().CanSeek,", "StreamContent => true,")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "HandlerAcceptanceTests")],
        },
        new("handler/response-leaked", "The refused response is not disposed and keeps its connection.")
        {
            Edits = [new(Renewal, "        // An undisposed response would keep its connection out of the pool.\n        response.Dispose();", "")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/insufficient-scope-renewed", "A missing scope causes a renewal, which does not help.")
        {
            Edits = [new(Renewal, "if (await Refusal.IsInsufficientScopeAsync(response, cancellationToken).ConfigureAwait(false))", "if (await Refusal.IsInsufficientScopeAsync(response, cancellationToken).ConfigureAwait(false) && false)")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/entry-held-for-ever", "The tokens of handlers that have been disposed stay in memory.")
        {
            Edits = [new("src/Spid.Client/Tokens/TokenSource.cs", "held.Cache.Release(held);", "")],
            Detectors = [Detector.Tests(Tests, "TokenSourceTests")],
        },
        new("handler/entry-released-too-early", "The token of a handler can be evicted once another handler of the same token has been disposed.")
        {
            Edits = [new("src/Spid.Client/Tokens/TokenCache.cs", "if (--entry.Holders > 0 || _isDisposed)", "if (_isDisposed)")],
            Detectors = [Detector.Tests(Tests, "TokenSourceTests")],
        },
        new("handler/old-options-kept", "A handler goes on with the token and the secret of options that have changed.")
        {
            Edits = [new("src/Spid.Client/Tokens/TokenSource.cs", "return entry is null || !ReferenceEquals(entry.Cache, cache) ? Find(cache) : entry;", "return entry is null ? Find(cache) : entry;")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "ClientFactoryTests")],
        },
    ];
}
