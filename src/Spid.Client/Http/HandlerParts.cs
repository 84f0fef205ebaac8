using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Spid.Client.Tokens;

namespace Spid.Client.Http;

/// <summary>What a <see cref="SpidTokenHandler"/> works with: one snapshot of its options, used to the end of a request.</summary>
internal sealed class HandlerParts
{
    private readonly CurrentHandlerOptions? _current;
    private readonly SpidTokenHandlerOptions _options;

    /// <param name="provider">Gives the tokens.</param>
    /// <param name="options">The options, copied here.</param>
    /// <param name="origins">Where tokens may go.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="current">Tells when the options have been replaced; <see langword="null"/> when they never are.</param>
    public HandlerParts(ISpidTokenProvider provider, SpidTokenHandlerOptions options, OriginPolicy origins, ILogger logger, CurrentHandlerOptions? current = null)
    {
        _current = current;
        _options = options;
        bool hasOwnRequest = !string.IsNullOrEmpty(options.Scope) || options.Resources.Count > 0;
        Source = new TokenSource(provider, hasOwnRequest ? new TokenRequest(options.Scope, [.. options.Resources]) : null);
        Origins = origins;
        RenewOnUnauthorized = options.RenewOnUnauthorized;
        ReplayBufferLimit = options.RenewOnUnauthorized ? options.ReplayBufferLimit : 0;
        Logger = new SafeLogger(logger);
    }

    public TokenSource Source { get; }

    public OriginPolicy Origins { get; }

    /// <summary>Gets the tokens that the handler has attached, whatever its options were at that time.</summary>
    public AttachedTokens Attached { get; private set; } = new();

    /// <summary>Gets a value indicating whether the options are still those of now.</summary>
    public bool IsCurrent => _current is null || ReferenceEquals(_current.Value, _options);

    public bool RenewOnUnauthorized { get; }

    public long ReplayBufferLimit { get; }

    public ILogger Logger { get; }

    /// <summary>
    /// Takes the place of older parts of the same handler. A token that is under way must stay known as one of its own, and an HttpClient that was made with
    /// an earlier base address goes on.
    /// </summary>
    public void Replace(HandlerParts? older)
    {
        if (older is not null)
        {
            Attached = older.Attached;
            Origins.Inherit(older.Origins);
            older.Source.Dispose();
        }
    }

    /// <summary>Gets a token that needs no waiting.</summary>
    public bool TryGet(RequestOverrides overrides, [NotNullWhen(true)] out ServerToken? token) =>
        overrides.Token is null ? Source.TryGet(out token) : Source.For(overrides.Token).TryGet(out token);

    public ITokenEntry EntryFor(RequestOverrides overrides) => overrides.Token is null ? Source.Entry : Source.For(overrides.Token);
}
