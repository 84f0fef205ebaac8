using Spid.Client.Http;

namespace Spid.Client.Tests.Issues;

/// <summary>A missing request is named, whichever method meets it.</summary>
internal sealed class SpidRequestExtensionsTests
{
    [Test]
    public void WithSpidMethods_NullRequest_NameTheArgument()
    {
        HttpRequestMessage request = null!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => request.WithSpidScope("a"), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
            Assert.That(() => request.WithSpidResource("https://a.example.com"), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
            Assert.That(() => request.WithSpidToken(new TokenRequest("a")), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
            Assert.That(() => request.WithoutSpidToken(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
        }
    }
}
