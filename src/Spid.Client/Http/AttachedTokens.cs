using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Spid.Client.Http;

/// <summary>Remembers the tokens that one handler has attached lately, so that their text is known on messages that others made. Thread-safe.</summary>
internal sealed class AttachedTokens
{
    private const int MaximumCount = 256;

    private readonly ConcurrentDictionary<ServerToken, bool> _tokens = new();
    private readonly ConcurrentQueue<ServerToken> _byAge = new();
    private ServerToken? _latest;

    public void Add(ServerToken token)
    {
        if (!ReferenceEquals(Volatile.Read(ref _latest), token))
        {
            Remember(token);
        }
    }

    /// <summary>Says whether a message carries one of the tokens. A handler that makes a message of its own copies the header as text.</summary>
    public bool AreOn(HttpRequestMessage message) => message.Headers.Authorization switch
    {
        null => false,
        ServerToken.BearerHeaderValue => true,
        AuthenticationHeaderValue other => Knows(other),
    };

    /// <summary>Says whether a header value is one of the tokens.</summary>
    public bool Knows(AuthenticationHeaderValue authorization) =>
        authorization.Parameter is { } text
        && string.Equals(authorization.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
        && _tokens.Keys.Any(token => string.Equals(token.AccessToken, text, StringComparison.Ordinal));

    private void Remember(ServerToken token)
    {
        Volatile.Write(ref _latest, token);
        if (_tokens.TryAdd(token, true))
        {
            _byAge.Enqueue(token);
            if (_byAge.Count > MaximumCount && _byAge.TryDequeue(out ServerToken? oldest))
            {
                _tokens.TryRemove(oldest, out _);
            }
        }
    }
}
