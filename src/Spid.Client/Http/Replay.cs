using System.Diagnostics.CodeAnalysis;

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
            // The platform rewinds a seekable stream itself; the view that it gives of the stream says whether it is one.
            return content.ReadAsStream().CanSeek;
        }

        return type == typeof(MultipartContent) || type == typeof(MultipartFormDataContent)
            ? ((MultipartContent)content).All(CanSendAgain)
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

    /// <summary>Puts a recorder in the place of a body that cannot be sent again, and gives what is on the message now.</summary>
    public static HttpContent? Record(HttpRequestMessage request, long limit)
    {
        if (IsToBeRecorded(request.Content, limit))
        {
            request.Content = new BodyRecorder(request.Content, limit).CreateContent();
        }

        return request.Content;
    }

    public static bool IsToBeRecorded([NotNullWhen(true)] HttpContent? content, long limit) => content is not null && limit > 0 && !CanSendAgain(content);

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
            // The message was disposed while it was under way, so nobody can look at its content.
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
    }
}
