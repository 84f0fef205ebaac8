namespace Spid.ResourceServer.DependencyInjection;

/// <summary>What a health check looks at. The name that somebody gave is checked when the host starts, and not when the first probe comes.</summary>
internal sealed class VerificationHealthCheckOptions
{
    /// <summary>Gets or sets the name; <see langword="null"/> for the only verifier there is.</summary>
    public string? VerifierName { get; set; }
}
