namespace Spid.AspNetCore.Tests.Shared;

/// <summary>What a caller gets: the status and the headers that say why.</summary>
internal sealed record Answer(int Status, string Challenge = "", string RetryAfter = "", string CacheControl = "")
{
    private const string Bearer = "Bearer realm=\"SPiD\"";

    public string Body { get; init; } = "";

    public string Headers { get; init; } = "";

    public static Answer LetIn { get; } = new(200);

    /// <summary>A challenge without an error: no token was looked at, or it is good and its client not wanted.</summary>
    public static Answer Bare(int status) => new(status, Bearer, "", "no-store");

    public static Answer Refused(int status, string error, string description, string? scope = null) =>
        new(status, $"{Bearer}, error=\"{error}\", error_description=\"{description}\"{(scope is null ? "" : $", scope=\"{scope}\"")}", "", "no-store");

    public static Answer Unavailable(int retryAfter) => new(503, "", retryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture), "no-store");

    public bool Equals(Answer? other) =>
        other is not null && (Status, Challenge, RetryAfter, CacheControl) == (other.Status, other.Challenge, other.RetryAfter, other.CacheControl);

    public override int GetHashCode() => HashCode.Combine(Status, Challenge, RetryAfter, CacheControl);

    public override string ToString() => $"{Status} | {Challenge} | Retry-After: {RetryAfter} | Cache-Control: {CacheControl}";
}
