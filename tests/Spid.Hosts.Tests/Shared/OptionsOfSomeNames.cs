using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Spid.Hosts.Tests.Shared;

/// <summary>Gives a handler to clients by a class of its own, as some packages do instead of calling methods of a builder.</summary>
internal sealed class OptionsOfSomeNames(Func<string?, bool> isMeant, Func<DelegatingHandler> create) : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (isMeant(name))
        {
            options.HttpMessageHandlerBuilderActions.Add(builder => builder.AdditionalHandlers.Add(create()));
        }
    }

    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);
}
