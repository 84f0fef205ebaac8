using System.Net;
using System.Text;

namespace Spid.Testing.Clients;

/// <summary>A client id and secret from an <c>Authorization: Basic</c> header, before either way of decoding.</summary>
internal sealed record BasicCredentials(string ClientId, string ClientSecret)
{
    /// <summary>SPiD documents the raw form (RFC 2617); RFC 6749, section 2.3.1, has both halves form-encoded.</summary>
    public BasicCredentials FormDecoded => new(WebUtility.UrlDecode(ClientId), WebUtility.UrlDecode(ClientSecret));

    public static BasicCredentials? Parse(string? value)
    {
        // The documented curl samples leave the padding out.
        var padded = value?.TrimEnd('=') is { } bare ? bare.PadRight((bare.Length + 3) / 4 * 4, '=') : "";
        var bytes = new byte[padded.Length];
        if (padded.Length == 0 || !Convert.TryFromBase64String(padded, bytes, out var count))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? new(text[..colon], text[(colon + 1)..]) : null;
    }

    public override string ToString() => $"{nameof(BasicCredentials)} {ClientId}";
}
