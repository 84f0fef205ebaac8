using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Spid.Testing.Transport;

/// <summary>Reads a form body in order and keeps repeated fields, which <c>resource</c> needs (RFC 8707, section 2).</summary>
internal static class FormReader
{
    public const string MediaType = "application/x-www-form-urlencoded";

    public static IReadOnlyList<KeyValuePair<string, string>> Read(IReadOnlyDictionary<string, IReadOnlyList<string>> headers, byte[] body)
    {
        if (!headers.TryGetValue("Content-Type", out var types) || !types.Any(IsForm))
        {
            return [];
        }

        var fields = new List<KeyValuePair<string, string>>();
        foreach (var pair in new QueryStringEnumerable(Encoding.UTF8.GetString(body)))
        {
            fields.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return fields;
    }

    private static bool IsForm(string contentType) =>
        contentType.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase);
}
