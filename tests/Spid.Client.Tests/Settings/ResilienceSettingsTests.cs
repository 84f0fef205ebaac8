using CsCheck;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Settings;

internal sealed class ResilienceSettingsTests
{
    private static readonly Gen<(double Base, double Maximum, int Failures, double Random)> Pauses = Gen.Select(
        Gen.Double[0, Math.Log(60_000)].Select(Math.Exp), Gen.Double[1, 3_600_000], Gen.Int[-1, 100], Gen.Double[0, 1],
        (basis, maximum, failures, random) => (basis, Math.Max(basis, maximum), failures, random));

    [TestCase(1, 0, 500)]
    [TestCase(1, 0.5, 750)]
    [TestCase(1, 1, 1_000)]
    [TestCase(2, 0, 1_000)]
    [TestCase(2, 1, 2_000)]
    [TestCase(5, 1, 16_000)]
    [TestCase(6, 0, 15_000)]
    [TestCase(6, 1, 30_000)]
    [TestCase(int.MaxValue, 0, 15_000)]
    [TestCase(int.MaxValue, 1, 30_000)]
    [TestCase(0, 1, 1_000)]
    public void Backoff_DefaultSettings_DoublesFromOneToThirtySeconds(int failures, double random, double expected) =>
        Assert.That(ResilienceSettings.From(new SpidResilienceOptions()).Backoff(failures, random), Is.EqualTo(TimeSpan.FromMilliseconds(expected)));

    [Test(Description = "A pause with a floor: between half of the doubled length and the whole of it, and never above the maximum")]
    public void Backoff_AnySettings_KeepsItsFloorAndItsCeiling() => Samples.Check(
        Pauses,
        100_000,
        pause =>
        {
            ResilienceSettings settings = Create(pause.Base, pause.Maximum);
            double length = settings.Backoff(pause.Failures, pause.Random).TotalMilliseconds;
            double doubled = settings.BackoffBase.TotalMilliseconds;
            for (int failure = 1; failure < pause.Failures && doubled < pause.Maximum; failure++)
            {
                doubled *= 2;
            }

            double ceiling = Math.Min(doubled, settings.BackoffMaximum.TotalMilliseconds);
            return length >= (ceiling / 2) - 0.001
                && length <= ceiling + 0.001
                && settings.Backoff(pause.Failures + 1, pause.Random).TotalMilliseconds >= length
                && settings.Backoff(pause.Failures, 1).TotalMilliseconds >= length;
        },
        pause => pause.ToString());

    private static ResilienceSettings Create(double basis, double maximum) => ResilienceSettings.From(
        new SpidResilienceOptions { BackoffBase = TimeSpan.FromMilliseconds(basis), BackoffMaximum = TimeSpan.FromMilliseconds(maximum) });
}
