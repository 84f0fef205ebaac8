using Microsoft.Extensions.Hosting;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.DependencyInjection;

/// <summary>Makes the schemes while the host starts, from options that were found valid then: those serve until others are valid.</summary>
internal sealed class SpidBearerStartUp(SpidBearerSchemes schemes) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string name in schemes.Names)
        {
            _ = schemes.Get(name);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
