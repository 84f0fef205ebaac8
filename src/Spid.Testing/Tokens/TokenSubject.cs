namespace Spid.Testing.Tokens;

/// <summary>What every kind of token says about itself.</summary>
internal sealed record TokenSubject(string ClientId, string Issuer, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
