using System.Buffers;
using System.Text;

namespace Spid.Client.Tests.Shared;

/// <summary>A secret value that must show up nowhere, whole, in pieces or encoded.</summary>
internal sealed class SecretCanary
{
    private const int Piece = 8;

    private readonly HashSet<string> _forms = new(StringComparer.OrdinalIgnoreCase);
    private readonly SearchValues<string> _search;

    public SecretCanary(string name, string value)
    {
        Name = name;
        Value = value;
        AddPieces(value, Piece);
        AddPieces(Uri.EscapeDataString(value), Piece + 4);
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        AddPieces(Convert.ToHexString(bytes), 2 * Piece);

        // Inside a longer text the base64 form depends on where the value begins.
        for (int offset = 0; offset < 3; offset++)
        {
            string encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            AddPieces(encoded[4..^4], 2 * Piece);
        }

        _search = SearchValues.Create([.. _forms], StringComparison.OrdinalIgnoreCase);
    }

    public string Name { get; }

    public string Value { get; }

    /// <summary>Gets the form that stands in a text, or <see langword="null"/>.</summary>
    public string? FindIn(string text) => text.AsSpan().ContainsAny(_search)
        ? _forms.First(form => text.Contains(form, StringComparison.OrdinalIgnoreCase))
        : null;

    private void AddPieces(string form, int length)
    {
        for (int start = 0; start + length <= form.Length; start++)
        {
            _forms.Add(form.Substring(start, length));
        }
    }
}
