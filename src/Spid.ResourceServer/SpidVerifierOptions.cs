using System.ComponentModel;

namespace Spid.ResourceServer;

/// <summary>Configures a verifier that is used directly, by a queue worker or a gRPC service for example.</summary>
[DisplayName("SPiD verifier")]
public sealed class SpidVerifierOptions : SpidVerificationOptions
{
    /// <summary>The configuration section that <c>AddSpidTokenVerifier()</c> reads.</summary>
    public const string SectionName = "SpidVerifier";
}
