using System.Security.Cryptography.X509Certificates;

namespace Spid.ResourceServer.Verification;

/// <summary>What one operation asks of a token, beyond what the options ask of all. Safe for use from several threads.</summary>
public sealed class SpidTokenRequirements
{
    /// <summary>Gets the scopes that the token must have, all of them.</summary>
    /// <value>Empty by default. Compared ordinally.</value>
    public IReadOnlyCollection<string> RequiredScopes { get; init; } = [];

    /// <summary>Gets the certificate with which the caller authenticated the TLS connection.</summary>
    /// <value><see langword="null"/> by default: tokens bound to a certificate (RFC 8705 section 3.1) are then rejected.</value>
    public X509Certificate2? ClientCertificate { get; init; }
}
