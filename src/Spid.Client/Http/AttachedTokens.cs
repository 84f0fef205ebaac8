using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Spid.Client.Http;

/// <summary>
/// Puts the tokens of one handler on messages, removes them after the response, and recognizes them on messages that other handlers made. The
/// last <see cref="MaximumCount"/> tokens are remembered for that. Thread-safe.
/// </summary>
internal sealed class AttachedTokens
{
    private const int MaximumCount = 256;

    private readonly ConcurrentDictionary<ServerToken, bool> _tokens = new();
    private readonly ConcurrentQueue<ServerToken> _byAge = new();
    private ServerToken? _latest;

    public void Attach(ServerToken token, HttpRequestMessage request)
    {
        if (!ReferenceEquals(Volatile.Read(ref _latest), token))
        {
            Remember(token);
        }

        request.Headers.Authorization = token.Authorization;
    }

    /// <summary>The token is not needed on the message after the response, and outer handlers that copy the headers must not find it.</summary>
    public static void RemoveFrom(HttpRequestMessage request) => request.Headers.Authorization = null;

    /// <summary>Inner handlers that retry or hedge may have sent a copy of the message, which the response refers to. One that gives no response breaks a rule, of which <see cref="HttpClient"/> tells.</summary>
    public void RemoveFromCopy(HttpResponseMessage? response, HttpRequestMessage request)
    {
        if (response?.RequestMessage is { } sent && sent != request && AreOn(sent))
        {
            RemoveFrom(sent);
        }
    }

    /// <summary>
    /// Says whether an <c>Authorization</c> header was set by the caller: it is neither a token of this handler nor the scheme alone, with
    /// which generated clients mark methods that need a token.
    /// </summary>
    public bool IsCallersOwn(HttpRequestHeaders headers) => headers.Authorization switch
    {
        // A value that cannot be parsed as a scheme with credentials.
        null => !IsSchemeAlone(headers.NonValidated["Authorization"].ToString()),
        ServerToken.BearerHeaderValue => false,
        AuthenticationHeaderValue existing => !IsSchemeAlone(existing.ToString()) && !Knows(existing),
    };

    /// <summary>Says whether a message carries one of the tokens. A handler that makes a message of its own copies the header as text.</summary>
    public bool AreOn(HttpRequestMessage message) => message.Headers.Authorization switch
    {
        null => false,
        ServerToken.BearerHeaderValue => true,
        AuthenticationHeaderValue other => Knows(other),
    };

    private static bool IsSchemeAlone(string value) => value.AsSpan().Trim().Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    private bool Knows(AuthenticationHeaderValue authorization) =>
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
