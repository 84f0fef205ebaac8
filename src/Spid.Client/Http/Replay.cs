using System.Net.Http.Json;

namespace Spid.Client.Http;

/// <summary>Tells which request bodies can be sent a second time.</summary>
internal static class Replay
{
    public static bool CanSendAgain(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,

        // .NET rewinds a seekable stream itself; the view it gives of the stream says whether it is one.
        StreamContent stream => stream.ReadAsStream().CanSeek,
        MultipartContent parts => parts.All(CanSendAgain),
        _ => false,
    };

    /// <summary>Replaces a body that can be sent once by its bytes.</summary>
    /// <exception cref="HttpRequestException">The body is longer than it says, and than <paramref name="limit"/>.</exception>
    public static async Task BufferAsync(HttpRequestMessage request, HttpContent content, long limit, CancellationToken cancellationToken)
    {
        await content.LoadIntoBufferAsync(limit, cancellationToken).ConfigureAwait(false);
        var buffered = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        foreach ((string name, IEnumerable<string> values) in content.Headers)
        {
            buffered.Headers.TryAddWithoutValidation(name, values);
        }

        content.Dispose();
        request.Content = buffered;
    }
}
