namespace Spid.Wire;

/// <summary>Stands for the one of the sources, whose accessor has no body and cannot be rewritten. No scenario has a transport.</summary>
internal static class UnderlyingTransport
{
    public static SocketsHttpHandler? Find(HttpClientHandler handler)
    {
        _ = handler;
        return null;
    }
}
