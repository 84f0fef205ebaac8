using Microsoft.Coyote.Specifications;

namespace Spid.Schedules;

/// <summary>What must hold in every schedule.</summary>
internal static class Guarantee
{
    /// <summary>The text is an argument and not the format: records print themselves in braces.</summary>
    public static void That(bool holds, string otherwise) => Specification.Assert(holds, "{0}", otherwise);

    /// <summary>Waits for operations. An array, for Coyote knows this overload and not the one that takes a span.</summary>
    public static Task AllEnd(params Task[] operations) => Task.WhenAll(operations);
}
