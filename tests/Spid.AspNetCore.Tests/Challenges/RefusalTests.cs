using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Challenges;

namespace Spid.AspNetCore.Tests.Challenges;

internal sealed class RefusalTests
{
    [TestCase(StatusCodes.Status401Unauthorized)]
    [TestCase(StatusCodes.Status403Forbidden)]
    [Description("What writes the body goes by the status of the moment, before the response has started")]
    public void Write_AnotherSchemeCouldNotDecide_StatusStays503(int status)
    {
        HttpResponse response = new DefaultHttpContext().Response;
        new Refusal(StatusCodes.Status503ServiceUnavailable, HasChallenge: false).Write(response, "SPiD", metadataAddress: null);

        new Refusal(status).Write(response, "SPiD", metadataAddress: null);

        Assert.That(response.StatusCode, Is.EqualTo(503));
    }

    [Test]
    public void Write_AloneOrAfterOtherRefusals_SetsItsStatus()
    {
        HttpResponse response = new DefaultHttpContext().Response;
        new Refusal(StatusCodes.Status401Unauthorized).Write(response, "SPiD", metadataAddress: null);

        new Refusal(StatusCodes.Status403Forbidden).Write(response, "SPiD", metadataAddress: null);

        Assert.That(response.StatusCode, Is.EqualTo(403));
    }
}
