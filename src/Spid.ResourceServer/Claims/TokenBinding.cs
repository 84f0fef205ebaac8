using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Claims;

/// <summary>What a token is bound to (<c>cnf</c>, RFC 7800).</summary>
/// <param name="IsBound">Whether it is bound to anything.</param>
/// <param name="CertificateThumbprint">The SHA-256 thumbprint of a certificate (<c>x5t#S256</c>, RFC 8705 section 3.1), when that is all it is bound to.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenBinding(bool IsBound, string? CertificateThumbprint);
