using CsCheck;

namespace Spid.Client.Tests.Shared;

/// <summary>The same generated values on every run and machine: CsCheck itself takes a seed for the first value only.</summary>
internal static class Samples
{
    private const uint Stream = 71;
    private const ulong Seed = 0x5D1D_0042;

    public static Gen<T> OneOf<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>Checks the values one by one, and shows the first that does not hold.</summary>
    public static void Check<T>(Gen<T> generator, int count, Func<T, bool> holds, Func<T, string> show)
    {
        var random = new PCG(Stream, Seed);
        for (int number = 0; number < count; number++)
        {
            T value = generator.Generate(random, null, out _);
            try
            {
                if (!holds(value))
                {
                    Assert.Fail($"Value {number} does not hold: {show(value)}");
                }
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                Assert.Fail($"Value {number} throws {exception}: {show(value)}");
            }
        }
    }
}
