using System.Text;

namespace Spid.Client.Tests.Shared;

/// <summary>A secret made to be found: as a whole, in any piece of eight characters, and in the usual encodings.</summary>
internal static class Canary
{
    public const int Piece = 8;
    public const string Secret = "Wq7Zk3VxT9bLm2RfYc8Hd5NsGj4PuEa6oXi0Kt1Bvw_";
    public const string Token = "eQ2nUz5JrM8yDfA3hCg7TkXs0VbLwP9oFi4Zt6Rx1Gm-";

    /// <summary>Fails when the text tells any part of the secret or the token.</summary>
    public static void AssertAbsent(string? text)
    {
        foreach (string canary in new[] { Secret, Token })
        {
            foreach (string form in new[] { canary, Base64(canary), Base64(MockSpid.ClientId + ":" + canary), Hex(canary) })
            {
                string? piece = FindPiece(text ?? "", form);
                Assert.That(piece, Is.Null, $"The text tells '{piece}': {text}");
            }
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static string? FindPiece(string text, string canary) => Enumerable.Range(0, canary.Length - Piece + 1)
        .Select(start => canary.Substring(start, Piece))
        .FirstOrDefault(piece => text.Contains(piece, StringComparison.OrdinalIgnoreCase));
}
