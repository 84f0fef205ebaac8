using System.Net;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>A service starts while SPiD is down.</content>
internal sealed partial class KeySetTests
{
    [Test]
    [Repeat(5)] // The pauses have a part of chance.
    public async Task FindAsync_SpidIsDownForTenMinutesFromTheStart_TokensAreAcceptedWithinFifteenSecondsAfter(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway));
        for (int second = 0; second < 600; second++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        int asked = rig.Spid.KeyFetches;
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key()));
        int seconds = 0;
        while (await rig.ReasonAsync(rig.Sign(), cancellationToken) != None)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
        }

        Assert.That(seconds, Is.LessThanOrEqualTo(15));
        Assert.That(asked, Is.InRange(60, 130), "and SPiD is asked once in five to ten seconds meanwhile");
    }
}
