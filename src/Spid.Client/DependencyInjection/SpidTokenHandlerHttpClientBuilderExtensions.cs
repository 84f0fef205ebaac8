using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Spid.Client.DependencyInjection;
using Spid.Client.Diagnostics;
using Spid.Client.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes an <see cref="HttpClient"/> attach server tokens of SPiD.</summary>
/// <remarks>
/// The token goes to the origin of the <see cref="HttpClient.BaseAddress"/> that was set through the builder, wherever in the chain
/// of calls, and to <see cref="SpidTokenHandlerOptions.AllowedOrigins"/>. Calls for one <see cref="HttpClient"/> add up.
/// </remarks>
public static class SpidTokenHandlerHttpClientBuilderExtensions
{
    /// <summary>Attaches tokens of the default SPiD client, as its options describe them.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The builder configures the defaults of all clients, which have no name.</exception>
    /// <exception cref="InvalidOperationException">The builder's client already takes its tokens from another SPiD client.</exception>
    public static IHttpClientBuilder AddSpidTokenHandler(this IHttpClientBuilder builder) => builder.AddSpidTokenHandler(Options.Options.DefaultName);

    /// <summary>Attaches tokens of a named SPiD client, as its options describe them.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="name">The name given to <c>AddSpidClientCredentials</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The builder configures the defaults of all clients, which have no name.</exception>
    /// <exception cref="InvalidOperationException">The builder's client already takes its tokens from another SPiD client.</exception>
    public static IHttpClientBuilder AddSpidTokenHandler(this IHttpClientBuilder builder, string name) =>
        builder.AddSpidTokenHandler(name, (Action<SpidTokenHandlerOptions>?)null);

    /// <summary>Attaches tokens of the default SPiD client.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets scope, resources and allowed origins; what is left out comes from the SPiD client.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The builder configures the defaults of all clients, which have no name.</exception>
    /// <exception cref="InvalidOperationException">The builder's client already takes its tokens from another SPiD client.</exception>
    public static IHttpClientBuilder AddSpidTokenHandler(this IHttpClientBuilder builder, Action<SpidTokenHandlerOptions>? configure) =>
        builder.AddSpidTokenHandler(Options.Options.DefaultName, configure);

    /// <summary>Attaches tokens of the default SPiD client, for a scope and resources from a configuration section.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configuration">The section whose keys are the names of the options. It is checked when the host starts, and changes of it take effect at once.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The builder configures the defaults of all clients, which have no name.</exception>
    /// <exception cref="InvalidOperationException">The builder's client takes its tokens from another SPiD client, or is configured by another section already.</exception>
    public static IHttpClientBuilder AddSpidTokenHandler(this IHttpClientBuilder builder, IConfiguration configuration) =>
        builder.AddSpidTokenHandler(Options.Options.DefaultName, configuration);

    /// <summary>Attaches tokens of a named SPiD client, for a scope and resources from a configuration section.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="name">The name given to <c>AddSpidClientCredentials</c>.</param>
    /// <param name="configuration">The section whose keys are the names of the options. It is checked when the host starts, and changes of it take effect at once.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The builder configures the defaults of all clients, which have no name.</exception>
    /// <exception cref="InvalidOperationException">The builder's client takes its tokens from another SPiD client, or is configured by another section already.</exception>
    public static IHttpClientBuilder AddSpidTokenHandler(this IHttpClientBuilder builder, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        builder.AddSpidTokenHandler(name);
        string httpClientName = builder.Name;
        if (BoundSections.In(builder.Services).Add(typeof(SpidTokenHandlerOptions), httpClientName, configuration))
        {
            builder.Services.AddOptions<SpidTokenHandlerOptions>(httpClientName)
                .Configure(_ => HandlerSectionRules.Instance.ThrowIfInvalid(httpClientName, configuration))
                .Bind(configuration);
        }

        return builder;
    }

    /// <summary>Attaches tokens of a named SPiD client.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="name">The name given to <c>AddSpidClientCredentials</c>.</param>
    /// <param name="configure">Sets scope, resources and allowed origins; what is left out comes from the SPiD client.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The builder configures the defaults of all clients, which have no name.</exception>
    /// <exception cref="InvalidOperationException">The builder's client already takes its tokens from another SPiD client.</exception>
    public static IHttpClientBuilder AddSpidTokenHandler(this IHttpClientBuilder builder, string name, Action<SpidTokenHandlerOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);

        if (builder.Name is null)
        {
            throw new ArgumentException(
                "The defaults of all HttpClients cannot take tokens: call AddSpidTokenHandler for each client that needs them.",
                nameof(builder));
        }

        IServiceCollection services = builder.Services;
        string httpClientName = builder.Name;
        if (configure is not null)
        {
            services.Configure(httpClientName, configure);
        }

        if (!SpidClientRegistry.In(services).AddHandler(httpClientName, name))
        {
            return builder;
        }

        services.AddOptionsWithValidationByHost<SpidTokenHandlerOptions>(httpClientName);
        ReloadableOptionsMonitor.AddTo<SpidTokenHandlerOptions>(services, Log.OptionsRefused);
        services.TryAddSingleton<LastValidOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SpidTokenHandlerOptions>, HandlerOptionsValidator>());

        // After all that is configured for the client, and for all clients: the handler stands around it, wherever this call is written.
        services.PostConfigure<HttpClientFactoryOptions>(httpClientName, options =>
        {
            RedactAuthorization(options);
            options.HttpMessageHandlerBuilderActions.Add(handlers => HandlerFactory.Surround(handlers, httpClientName, name));
        });
        return builder;
    }

    /// <summary>Whatever headers the user wants in the log, the token is not among them.</summary>
    private static void RedactAuthorization(HttpClientFactoryOptions options)
    {
        Func<string, bool> redacts = options.ShouldRedactHeaderValue;
        options.ShouldRedactHeaderValue = header => string.Equals(header, "Authorization", StringComparison.OrdinalIgnoreCase) || redacts(header);
    }
}
