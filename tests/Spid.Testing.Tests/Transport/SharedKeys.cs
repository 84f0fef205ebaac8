using Spid.Testing.Keys;

namespace Spid.Testing.Tests.Transport;

/// <summary>Two keys for all servers of the run: making two for each would be most of its time.</summary>
internal static class SharedKeys
{
    public static readonly IReadOnlyList<SpidSigningKey> All = [new(), new()];
}
