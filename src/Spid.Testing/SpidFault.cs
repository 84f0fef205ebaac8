using Spid.Testing.Faults;
using Spid.Testing.Transport;

namespace Spid.Testing;

/// <summary>Describes one way for a request to go wrong; see <see cref="SpidFaults"/>.</summary>
/// <remarks>Immutable and safe to share. Both transports deliver every fault.</remarks>
public sealed partial class SpidFault
{
    private readonly string _name;
    private readonly Func<Reply>? _replacement;
    private readonly Func<Reply, Reply> _change;

    private SpidFault(string name, Func<Reply>? replacement, Func<Reply, Reply>? change = null)
    {
        _name = name;
        _replacement = replacement;
        _change = change ?? (reply => reply);
    }

    internal TimeSpan Wait { get; private init; }

    /// <summary>Answers with an error status.</summary>
    /// <param name="status">The status; 200 to 599.</param>
    /// <param name="body">The shape of the body.</param>
    /// <param name="error">The error code in the body; <see langword="null"/> for the usual one of the status.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is out of range.</exception>
    public static SpidFault Status(int status, SpidErrorBody body = SpidErrorBody.OAuth, string? error = null) =>
        Replaced(status, () => ErrorReplies.Create(body, status, error ?? FaultCodes.Of(status), "Fault injected by the test."));

    /// <summary>Answers 420 with the platform API's container.</summary>
    /// <param name="reset">What <c>request.reset</c> says, in whole seconds; SPiD also sends negative values.</param>
    /// <param name="limit">What <c>request.limit</c> says.</param>
    /// <param name="remaining">What <c>request.remaining</c> says.</param>
    /// <returns>The fault.</returns>
    public static SpidFault RateLimited(TimeSpan reset, int limit = 60, int remaining = 0) =>
        new("status 420", () => Container.RateLimited((long)reset.TotalSeconds, limit, remaining));

    /// <summary>Answers 429 with a nested <c>too_many_requests</c> error.</summary>
    /// <returns>The fault.</returns>
    public static SpidFault TooManyRequests() => Status(429, SpidErrorBody.Nested);

    /// <summary>Answers as usual, but later.</summary>
    /// <param name="delay">How long to wait, on the server's clock; zero or more.</param>
    /// <returns>The fault.</returns>
    public static SpidFault Delay(TimeSpan delay) => new SpidFault("delay", replacement: null).After(delay);

    /// <summary>Sends part of the usual answer's body and closes the connection.</summary>
    /// <param name="sentBytes">How many bytes to send; <see langword="null"/> for half of the body.</param>
    /// <returns>The fault.</returns>
    public static SpidFault TruncatedBody(int? sentBytes = null) => Broken("truncated body", Delivery.Truncated, sentBytes);

    /// <summary>Sends part of the usual answer's body and then nothing more until the client gives up.</summary>
    /// <param name="sentBytes">How many bytes to send; <see langword="null"/> for half of the body.</param>
    /// <returns>The fault.</returns>
    public static SpidFault HangingBody(int? sentBytes = null) => Broken("hanging body", Delivery.HangingBody, sentBytes);

    /// <summary>Sends nothing, not even a status, until the client gives up.</summary>
    /// <returns>The fault.</returns>
    public static SpidFault Hang() => Broken("hang", Delivery.HangingHeaders, 0);

    /// <summary>Closes the connection without an answer.</summary>
    /// <returns>The fault.</returns>
    public static SpidFault DroppedConnection() => Broken("dropped connection", Delivery.Dropped, 0);

    /// <summary>Puts blanks before the usual answer's body, which stays valid JSON, until it has a given size.</summary>
    /// <param name="bytes">The size of the body; zero or more.</param>
    /// <returns>The fault.</returns>
    public static SpidFault OversizeBody(int bytes) => new("oversize body", replacement: null, reply => reply with { Body = Pad(reply.Body, bytes) });

    /// <summary>Answers with an HTML page, as a proxy in front of SPiD would.</summary>
    /// <param name="status">The status; 200 makes it look like a success.</param>
    /// <returns>The fault.</returns>
    public static SpidFault Html(int status = 200) => Status(status, SpidErrorBody.Html);

    /// <summary>Answers without a body.</summary>
    /// <param name="status">The status; 200 makes it look like a success.</param>
    /// <returns>The fault.</returns>
    public static SpidFault Empty(int status = 200) => Status(status, SpidErrorBody.Empty);

    /// <summary>Answers with a redirect. The in-memory handler, unlike <see cref="HttpClientHandler"/>, hands it to the client unfollowed.</summary>
    /// <param name="status">301, 302, 303, 307 or 308.</param>
    /// <param name="location">Where to.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is none of these.</exception>
    public static SpidFault Redirect(int status, Uri location)
    {
        if (status is not (301 or 302 or 303 or 307 or 308))
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "A redirect has the status 301, 302, 303, 307 or 308.");
        }

        ArgumentNullException.ThrowIfNull(location);
        return Empty(status).WithHeader("Location", location.OriginalString);
    }

    /// <summary>Answers with any text.</summary>
    /// <param name="status">The status; 200 to 599.</param>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="contentType">The content type; <see langword="null"/> leaves the header out.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is out of range.</exception>
    public static SpidFault Raw(int status, string body, string? contentType) =>
        Replaced(status, () => Reply.Text(status, contentType, body));

    /// <summary>Answers with any bytes, such as text that is not UTF-8.</summary>
    /// <param name="status">The status; 200 to 599.</param>
    /// <param name="body">The body.</param>
    /// <param name="contentType">The content type; <see langword="null"/> leaves the header out.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is out of range.</exception>
    public static SpidFault Raw(int status, byte[] body, string? contentType)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Replaced(status, () => new Reply(status, contentType, body));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(SpidFault)}: {_name}";

    private static SpidFault Replaced(int status, Func<Reply> replacement)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return new($"status {status}", replacement);
    }
}
