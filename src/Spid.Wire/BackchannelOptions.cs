using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// Reads from the container how a connection to SPiD is to be made. What the application configures for all of its clients is meant
/// for other services: of that only the transport is taken over, for example a proxy, and no handler, header or timeout.
/// </summary>
internal static class BackchannelOptions
{
    /// <summary>A name that no client has. What is configured for it is configured for every client.</summary>
    private const string NameOfNoClient = "Spid.Wire.BackchannelOptions.NameOfNoClient";

    public static HttpClientFactoryOptions Create(IServiceProvider application, string name)
    {
        Step[] steps = [.. ReadSteps(application)];
        var defaults = new HttpClientFactoryOptions();
        foreach (Step step in steps.Where(step => step.IsForAllClients))
        {
            step.Apply(name, defaults);
        }

        var options = new HttpClientFactoryOptions { HandlerLifetime = defaults.HandlerLifetime, SuppressHandlerScope = defaults.SuppressHandlerScope };
        options.HttpMessageHandlerBuilderActions.Add(builder => TakeTransport(defaults, builder));
        foreach (Step step in steps.Where(step => !step.IsForAllClients))
        {
            step.Apply(name, options);
        }

        return options;
    }

    private static void TakeTransport(HttpClientFactoryOptions defaults, HttpMessageHandlerBuilder builder)
    {
        foreach (Action<HttpMessageHandlerBuilder> configure in defaults.HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        builder.AdditionalHandlers.Clear();
    }

    private static IEnumerable<Step> ReadSteps(IServiceProvider application)
    {
        // Steps without a name concern the client whose name is empty, which no connection has.
        foreach (IConfigureNamedOptions<HttpClientFactoryOptions> step in application.GetServices<IConfigureOptions<HttpClientFactoryOptions>>().OfType<IConfigureNamedOptions<HttpClientFactoryOptions>>())
        {
            yield return new Step(step.Configure, step is ConfigureNamedOptions<HttpClientFactoryOptions> { Name: null } || ChangesEveryName(step.Configure));
        }

        foreach (IPostConfigureOptions<HttpClientFactoryOptions> step in application.GetServices<IPostConfigureOptions<HttpClientFactoryOptions>>())
        {
            yield return new Step(step.PostConfigure, step is PostConfigureOptions<HttpClientFactoryOptions> { Name: null } || ChangesEveryName(step.PostConfigure));
        }
    }

    /// <summary>Steps can be classes of the application, which say nowhere what names they are for.</summary>
    private static bool ChangesEveryName(Action<string, HttpClientFactoryOptions> apply)
    {
        var untouched = new HttpClientFactoryOptions();
        var options = new HttpClientFactoryOptions();
        apply(NameOfNoClient, options);
        return options.HttpMessageHandlerBuilderActions.Count > 0
            || options.HttpClientActions.Count > 0
            || options.HandlerLifetime != untouched.HandlerLifetime
            || options.SuppressHandlerScope;
    }

    private readonly record struct Step(Action<string, HttpClientFactoryOptions> Apply, bool IsForAllClients);
}
