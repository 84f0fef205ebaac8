using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Spid.AspNetCore.Scopes;

/// <summary>Gives every hub the filter that asks for scopes: once, however many schemes there are.</summary>
internal sealed class SpidScopeHubOptions : IConfigureOptions<HubOptions>
{
    public void Configure(HubOptions options) => options.AddFilter(new SpidScopeHubFilter());
}
