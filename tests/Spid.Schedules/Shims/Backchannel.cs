namespace Spid.Wire;

/// <summary>Stands for the connection to SPiD in this build, where every request goes to a stub.</summary>
internal static class Backchannel
{
    public static HttpClient CreateClient() => throw new NotSupportedException("Scenarios bring a client of their own.");

    public static void Configure(HttpClient client) => client.Timeout = Timeout.InfiniteTimeSpan;
}
