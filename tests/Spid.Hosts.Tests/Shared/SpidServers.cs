using Spid.Testing;
using Spid.Testing.Keys;

namespace Spid.Hosts.Tests.Shared;

/// <summary>Makes servers on a clock of the test, with keys that all of them share, for making keys takes long.</summary>
internal static class SpidServers
{
    private static readonly SpidSigningKey Key = new();

    public static SpidServer Create(TimeProvider time) => SpidServer.Create(options => Configure(options, time));

    public static Task<SpidServer> StartAsync(TimeProvider time) => SpidServer.StartAsync(options => Configure(options, time));

    private static void Configure(SpidServerOptions options, TimeProvider time)
    {
        options.TimeProvider = time;
        options.Keys.Add(Key);
    }
}
