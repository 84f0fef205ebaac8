using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Client;

/// <summary>Faults of the handler that attaches tokens.</summary>
internal static class HandlerSeeds
{
    private const string Origins = "src/Spid.Client/Http/AllowedOrigins.cs";
    private const string Renewal = "src/Spid.Client/Http/SpidTokenHandler.Renewal.cs";
    private const string Tokens = "src/Spid.Client/Http/AttachedTokens.cs";
    private const string Guard = "src/Spid.Client/Http/OriginGuard.cs";
    private const string Handler = "src/Spid.Client/Http/SpidTokenHandler.cs";
    private const string Recorder = "src/Spid.Client/Http/BodyRecorder.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("handler/any-scheme", "Where any https origin may have the token, plain http gets it as well.")
        {
            Edits = [new(Origins, "(_anyHttps && Origin.SchemeOf(uri) == Uri.UriSchemeHttps)", "_anyHttps")],
            Detectors = [Detector.Tests(Tests, "AllowedOriginsTests")],
        },
        new("handler/any-port", "Another port of an allowed host gets the token.")
        {
            Edits = [new("src/Spid.Client/Http/Origin.cs", "Port == uri.Port && (Scheme", "(Scheme")],
            Detectors = [Detector.Tests(Tests, "AllowedOriginsTests")],
        },
        new("handler/override-unchecked", "A request that asks for a token of its own may go to any origin.")
        {
            Edits = [new(Handler, "parts.Origins.ThrowIfForbidden(request.RequestUri);", "if (overrides.Token is null) { parts.Origins.ThrowIfForbidden(request.RequestUri); }")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "HandlerAcceptanceTests")],
        },
        new("handler/guard-off", "A handler that follows a redirect with a copy of the headers takes the token to a stranger.")
        {
            Edits = [new(Guard, "origins.AllowsAddress(address, isServiceName: call is not null) &&", "(address is not null || origins.AllowsAddress(address, isServiceName: call is not null)) &&")],
            Detectors = [Detector.Tests(Tests, "OriginGuardTests")],
        },
        new("handler/redirect-of-a-name", "Where a service has a name that is resolved, a redirect takes the token to a stranger.")
        {
            Edits = [new(Guard, "return call is null ?", "return call is null || request.RequestUri is not null ?")],
            Detectors = [Detector.Tests(Tests, "OriginGuardTests")],
        },
        new("handler/copy-unknown", "The text of a token on a message of another handler counts as the caller's own.")
        {
            Edits = [new(Tokens, "&& !Knows(existing)", "")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/token-left", "The token stays on the message, where handlers above find it.")
        {
            Edits = [new(Tokens, "RemoveFrom(HttpRequestMessage request) => request.Headers.Authorization = null;", "RemoveFrom(HttpRequestMessage request) => request.Headers.Host = null;")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/attempt-at-the-api", "A failure to get a token is a failure of the API to the handlers of the application.")
        {
            Edits = [new("src/Spid.Client/DependencyInjection/HandlerFactory.cs", "builder.AdditionalHandlers.Insert(0, Create(", "builder.AdditionalHandlers.Insert(builder.AdditionalHandlers.Count, Create(")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/redirect-target", "The target of a redirect that answers 401 gets a renewed token.")
        {
            Edits = [new(Renewal, "|| !CarriedToken(response, request, token))", "|| token is null)")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/one-shot-replayed", "A body that can be read once is sent a second time.")
        {
            Edits = [new("src/Spid.Client/Http/Replay.cs", "return content.ReadAsStream().CanSeek;", "return content is not null;")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "BodyRecordingTests")],
        },
        new("handler/part-replayed", "A body that is still being sent is repeated with what is known of it.")
        {
            Edits = [new(Recorder, "                case State.Kept:\n                    return CreateContent();", "                case State.Kept or State.Sending:\n                    _state = State.Kept;\n                    return CreateContent();")],
            Detectors = [Detector.Tests(Tests, "BodyRecordingTests")],
        },
        new("handler/limit-ignored", "A body that is longer than the limit is kept up to it and repeated without its end.")
        {
            Edits = [new(Recorder, "                Abandon();\n                return;", "                return;")],
            Detectors = [Detector.Tests(Tests, "BodyRecordingTests")],
        },
        new("handler/response-leaked", "The refused response is not disposed and keeps its connection.")
        {
            Edits = [new(Renewal, "        // An undisposed response would keep its connection out of the pool.\n        response.Dispose();\n", "")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests")],
        },
        new("handler/insufficient-scope-renewed", "A missing scope causes a renewal, which does not help.")
        {
            Edits = [new(Renewal, "if (await Refusal.IsInsufficientScopeAsync(response, parts.Source.TimeProvider, cancellationToken).ConfigureAwait(false))", "if (await Refusal.IsInsufficientScopeAsync(response, parts.Source.TimeProvider, cancellationToken).ConfigureAwait(false) && false)")],
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
