using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Spid.Testing.Clients;

/// <summary>Random values in the forms SPiD gives out.</summary>
internal static class RandomText
{
    public static string ClientId() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    public static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string OpaqueToken() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    public static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
