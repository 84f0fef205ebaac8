using CsCheck;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Tokens;

/// <summary>The cache entry against a model of it, under random schedules. CsCheck prints the seed of a schedule that fails.</summary>
internal sealed class TokenEntryModelTests
{
    [Test]
    public void GetAndRenew_AnySchedule_BehaveAsTheModelSays() =>
        Gen.Int[0, 1_000_000].Array[1, 60].Sample(
            schedule => Task.Run(() => RunAsync(schedule)).GetAwaiter().GetResult(),
            iter: 1000,
            threads: 2);

    private static async Task RunAsync(int[] schedule)
    {
        using var model = new TokenEntryModel();
        foreach (int step in schedule)
        {
            await model.StepAsync(step % 10, step / 10);
        }

        await model.EndAsync();
    }
}
