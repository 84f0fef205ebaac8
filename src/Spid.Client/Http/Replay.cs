using System.Net.Http.Headers;

namespace Spid.Client.Http;

/// <summary>Tells which request bodies can be sent a second time.</summary>
internal static class Replay
{
    /// <summary>
    /// Says whether the platform writes the same bytes each time. Only exact types prove that: a derived class may serialize anything, and
    /// <see cref="System.Net.Http.Json.JsonContent"/> may be over a sequence that is empty the second time.
    /// </summary>
    public static bool CanSendAgain(HttpContent content)
    {
        Type type = content.GetType();
        if (type == typeof(StreamContent))
        {
            return HasComputedLength(content.Headers) || CanSeek(content);
        }

        // Parts are looked at without their headers: a length that is asked for is among them from then on, and would be sent.
        return type == typeof(MultipartContent) || type == typeof(MultipartFormDataContent)
            ? ((MultipartContent)content).All(part => part.GetType() == typeof(StreamContent) ? CanSeek(part) : CanSendAgain(part))
            : type == typeof(ByteArrayContent) || type == typeof(StringContent) || type == typeof(FormUrlEncodedContent) || type == typeof(ReadOnlyMemoryContent);
    }

    /// <summary>Gets the body to repeat a request with, after it was refused with the body <paramref name="sent"/>.</summary>
    public static bool TryPrepare(HttpContent? sent, out HttpContent? again)
    {
        again = sent switch
        {
            null => null,
            IRecordedContent recorded => recorded.Recorder.TakeForReplay(),
            _ => CanStillSendAgain(sent) ? sent : null,
        };
        return sent is null || again is not null;
    }

    /// <summary>Says whether a body has to be kept while it is sent. Asked once for each send, and before it.</summary>
    public static bool IsToBeRecorded(HttpContent? content, long limit) => content is not null && limit > 0 && !CanSendAgain(content);

    /// <summary>Puts a content that is kept while it is sent in the place of the one on the message.</summary>
    public static HttpContent Record(HttpRequestMessage request, long limit)
    {
        HttpContent recorded = new BodyRecorder(request.Content!, limit).CreateContent();
        request.Content = recorded;
        return recorded;
    }

    /// <summary>Ends the recording of the body <paramref name="sent"/>, and gives the caller's own content back to the message.</summary>
    public static void Restore(HttpRequestMessage request, HttpContent? sent)
    {
        if (sent is not IRecordedContent recorded)
        {
            return;
        }

        recorded.Recorder.End();
        if (request.Content is null)
        {
            // A redirect to GET took the body off the message.
            return;
        }

        try
        {
            request.Content = recorded.Recorder.Original;
        }
        catch (ObjectDisposedException)
        {
            // The message was disposed while it was under way; its content can be neither set nor read.
        }
    }

    /// <summary>
    /// The platform computes the length of streams that can seek and of buffers. That tells more gently than the stream does: a view of the
    /// stream stays with the content, and a handler below that buffers the content would read from the view instead of the buffer.
    /// </summary>
    private static bool HasComputedLength(HttpContentHeaders headers) => !headers.NonValidated.Contains("Content-Length") && headers.ContentLength is not null;

    /// <summary>The platform rewinds a seekable stream itself; the view that it gives of the stream says whether it is one.</summary>
    private static bool CanSeek(HttpContent content)
    {
        try
        {
            return content.ReadAsStream().CanSeek;
        }
        catch (HttpRequestException)
        {
            // Somebody has taken the stream by way of ReadAsStreamAsync, and may have read from it.
            return false;
        }
    }

    private static bool CanStillSendAgain(HttpContent content)
    {
        try
        {
            return CanSendAgain(content) && content.ReadAsStream() is not null;
        }
        catch (ObjectDisposedException)
        {
            // A handler below disposed the body after it was sent.
            return false;
        }
        catch (HttpRequestException)
        {
            // A handler below looked at it by way of ReadAsStreamAsync, and it is not disposed.
            return true;
        }
    }
}
