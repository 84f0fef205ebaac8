using System.Runtime.CompilerServices;

namespace Spid.Wire;

/// <summary>Finds the transport inside an <see cref="HttpClientHandler"/>, which has no property for the spans that the transport makes.</summary>
internal static class UnderlyingTransport
{
    /// <summary>Gives <see langword="null"/> where a platform keeps its transport elsewhere: then the spans stay.</summary>
    public static SocketsHttpHandler? Find(HttpClientHandler handler)
    {
        try
        {
            return Field(handler);
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_underlyingHandler")]
    private static extern ref SocketsHttpHandler Field(HttpClientHandler handler);
}
