namespace Spid.Client.DependencyInjection;

/// <summary>What a health check looks at. The name that somebody gave is checked when the host starts, and not when the first probe comes.</summary>
internal sealed class TokenHealthCheckOptions
{
    public string ClientName { get; set; } = "";
}
