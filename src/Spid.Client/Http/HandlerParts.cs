using Microsoft.Extensions.Logging;
using Spid.Client.Tokens;

namespace Spid.Client.Http;

/// <summary>What a <see cref="SpidTokenHandler"/> works with.</summary>
internal sealed class HandlerParts
{
    /// <param name="provider">Gives the tokens.</param>
    /// <param name="options">The options, copied here.</param>
    /// <param name="origins">Where tokens may go.</param>
    /// <param name="logger">Where to log.</param>
    public HandlerParts(ISpidTokenProvider provider, SpidTokenHandlerOptions options, OriginPolicy origins, ILogger logger)
    {
        bool hasOwnRequest = !string.IsNullOrEmpty(options.Scope) || options.Resources.Count > 0;
        Source = new TokenSource(provider, hasOwnRequest ? new TokenRequest(options.Scope, [.. options.Resources]) : null);
        Origins = origins;
        RenewOnUnauthorized = options.RenewOnUnauthorized;
        ReplayBufferLimit = options.RenewOnUnauthorized ? options.ReplayBufferLimit : 0;
        Logger = logger;
    }

    public TokenSource Source { get; }

    public OriginPolicy Origins { get; }

    public AttachedTokens Attached { get; } = new();

    public bool RenewOnUnauthorized { get; }

    public long ReplayBufferLimit { get; }

    public ILogger Logger { get; }

    public ITokenEntry EntryFor(RequestOverrides overrides) => overrides.Token is null ? Source.Entry : Source.For(overrides.Token);
}
