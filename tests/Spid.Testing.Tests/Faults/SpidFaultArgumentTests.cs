using Spid.Testing.Faults;

namespace Spid.Testing.Tests.Faults;

public sealed class SpidFaultArgumentTests
{
    [TestCase(199)]
    [TestCase(600)]
    public void Status_OutOfRange_Throws(int status)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => SpidFault.Status(status), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("status"));
            Assert.That(() => SpidFault.Raw(status, "", null), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("status"));
        }
    }

    [TestCase(300)]
    [TestCase(304)]
    [TestCase(200)]
    public void Redirect_OtherStatus_Throws(int status) =>
        Assert.That(
            () => SpidFault.Redirect(status, new Uri("https://elsewhere.example.com")),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("307"));

    [Test]
    public void After_NegativeDelay_Throws() =>
        Assert.That(() => SpidFault.Delay(TimeSpan.FromTicks(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("delay"));

    [Test]
    public void Next_ZeroCount_Throws()
    {
        var faults = SpidServer.Create().Faults;

        Assert.That(() => faults.Next(SpidEndpoint.Token, SpidFault.Hang(), 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ToString_Any_NamesTheFault() =>
        Assert.That(SpidFault.Status(503, SpidErrorBody.Html).ToString(), Is.EqualTo("SpidFault: status 503"));
}
