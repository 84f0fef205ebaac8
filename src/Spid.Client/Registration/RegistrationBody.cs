using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Spid.Client.Registration;

/// <summary>Writes the body of <c>/oauth/register</c>.</summary>
internal static class RegistrationBody
{
    public static HttpContent Create(SpidRegistrationRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("client_name", request.ClientName);
            writer.WriteString("client_uri", request.ClientUri.OriginalString);
            if (request.Scope is not null)
            {
                writer.WriteString("scope", request.Scope);
            }

            if (request.RedirectUris.Count > 0)
            {
                writer.WriteStartArray("redirect_uris");
                foreach (Uri uri in request.RedirectUris)
                {
                    writer.WriteStringValue(uri.OriginalString);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return new ReadOnlyMemoryContent(buffer.WrittenMemory)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
    }
}
