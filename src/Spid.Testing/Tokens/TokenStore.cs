using System.Collections.Concurrent;

namespace Spid.Testing.Tokens;

/// <summary>The tokens that are alive.</summary>
internal sealed class TokenStore(TimeProvider timeProvider)
{
    private const int SweepInterval = 1024;

    private readonly ConcurrentDictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);
    private int _added;

    public void Add(IssuedToken token)
    {
        _tokens[token.Value] = token;
        if (Interlocked.Increment(ref _added) % SweepInterval == 0)
        {
            Sweep(timeProvider.GetUtcNow());
        }
    }

    public IssuedToken? Find(string value) => _tokens.GetValueOrDefault(value);

    public IssuedToken? FindAlive(string value) =>
        Find(value) is { IsAccessToken: true } token && timeProvider.GetUtcNow() < token.ExpiresAt ? token : null;

    public bool Revoke(string value) => _tokens.TryRemove(value, out _);

    public int RevokeAll(string clientId) =>
        _tokens.Values.Count(token => string.Equals(token.ClientId, clientId, StringComparison.Ordinal) && _tokens.TryRemove(token.Value, out _));

    /// <summary>Keeps a long load test from growing without bound; an expired token is as good as an unknown one.</summary>
    private void Sweep(DateTimeOffset now)
    {
        foreach (var token in _tokens.Values.Where(token => token.ExpiresAt <= now))
        {
            _tokens.TryRemove(token.Value, out _);
        }
    }
}
