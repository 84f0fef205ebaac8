using System.Text;
using System.Text.Json.Nodes;

namespace Spid.Testing.Transport;

/// <summary>One answer, independent of the transport that delivers it.</summary>
internal sealed record Reply(int Status, string? ContentType, byte[] Body)
{
    public const string JsonMediaType = "application/json; charset=utf-8";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public Delivery Delivery { get; init; }

    /// <summary>How many bytes of the body are sent before the delivery fails.</summary>
    public int SentBytes { get; init; }

    /// <summary>The Content-Length the client is told: always more than is sent when the delivery fails half-way.</summary>
    public int DeclaredLength => Delivery is Delivery.Complete ? Body.Length : Math.Max(Body.Length, SentBytes + 1);

    public ReadOnlyMemory<byte> SentBody => Delivery is Delivery.Complete ? Body : Body.AsMemory(0, Math.Min(SentBytes, Body.Length));

    public static Reply Json(int status, JsonNode body) => new(status, JsonMediaType, Encoding.UTF8.GetBytes(body.ToJsonString()));

    public static Reply Text(int status, string? contentType, string body) => new(status, contentType, Encoding.UTF8.GetBytes(body));

    public static Reply Empty(int status) => new(status, ContentType: null, []);

    public Reply With(string name, string value) => this with { Headers = [.. Headers.Where(h => !h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)), new(name, value)] };
}
