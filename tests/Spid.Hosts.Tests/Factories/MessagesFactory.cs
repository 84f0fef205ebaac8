using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Diagnostics;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Factories;

/// <summary>The application under test, with SPiD in memory and the settings for both of its sides that docs/testing.md tells.</summary>
internal sealed class MessagesFactory : WebApplicationFactory<MessagesApplication>
{
    private readonly ApiHost _host;

    public MessagesFactory(ApiHost host)
    {
        _host = host;
        host.Spid.DefaultClient.ResourceDomains = ["messages.example.com"];
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (string section in new[] { "Spid", "Authentication:Schemes:SpidBearer" })
        {
            builder
                .UseSetting($"{section}:Environment", null)
                .UseSetting($"{section}:Authority", _host.Spid.BaseAddress.AbsoluteUri)
                .UseSetting($"{section}:ClientId", _host.Spid.ClientId)
                .UseSetting($"{section}:ClientSecret", _host.Spid.ClientSecret);
        }

        builder
            .UseContentRoot(Path.Combine(AppContext.BaseDirectory, "Factories"))
            .ConfigureTestServices(services =>
            {
                _host.Observe(services);
                services.AddSingleton(_host.Time.WithPauses);
                services.AddHttpClient(SpidDiagnostics.BackchannelName).ConfigurePrimaryHttpMessageHandler(_host.Spid.CreateHandler);
                services.AddHttpClient("Spid.ResourceServer:SpidBearer").ConfigurePrimaryHttpMessageHandler(_host.Spid.CreateHandler);
            });
    }
}
