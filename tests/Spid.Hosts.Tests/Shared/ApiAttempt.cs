namespace Spid.Hosts.Tests.Shared;

/// <summary>One request as the service received it.</summary>
internal sealed record ApiAttempt(string Method, Uri? Uri, string? Authorization, string Body)
{
    private const string Scheme = "Bearer ";

    public string? Token => Authorization?.StartsWith(Scheme, StringComparison.Ordinal) == true ? Authorization[Scheme.Length..] : null;

    public string? Origin => Uri?.GetLeftPart(UriPartial.Authority);
}
