using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <summary>The builder of the defaults of all clients has no name, and a token handler belongs to one client.</summary>
internal sealed class SpidTokenHandlerHttpClientBuilderExtensionsTests
{
    [Test]
    public void AddSpidTokenHandler_DefaultsOfAllClients_SaysWhatToCallInstead()
    {
        var services = new SpidServices();
        services.AddSpidClientCredentials(ApiRig.CopyTo);

        Assert.That(
            () => services.ConfigureHttpClientDefaults(http => http.AddSpidTokenHandler()),
            Throws.ArgumentException.With.Message.Contain("call AddSpidTokenHandler for each client that needs them"));
    }
}
