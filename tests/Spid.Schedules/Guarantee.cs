using Microsoft.Coyote.Specifications;

namespace Spid.Schedules;

/// <summary>What must hold in every schedule.</summary>
internal static class Guarantee
{
    public static void That(bool holds, string otherwise) => Specification.Assert(holds, otherwise);

    /// <summary>Waits for operations. An array, for Coyote knows this overload and not the one that takes a span.</summary>
    public static Task AllEnd(params Task[] operations) => Task.WhenAll(operations);
}
