namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures one registered SPiD client further.</summary>
public sealed class SpidClientBuilder
{
    internal SpidClientBuilder(string name, IServiceCollection services, IHttpClientBuilder backchannel)
    {
        Name = name;
        Services = services;
        Backchannel = backchannel;
    }

    /// <summary>Gets the name of the client; empty for the default one.</summary>
    public string Name { get; }

    /// <summary>Gets the services that the client is registered in.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the builder of the <see cref="HttpClient"/> that talks to SPiD, for a proxy or a handler of your own.</summary>
    /// <remarks>
    /// What is configured for all clients of the application does not reach this one, apart from its primary handler. Redirects, cookies
    /// and spans are switched off in a <see cref="SocketsHttpHandler"/> or <see cref="HttpClientHandler"/> that is given, inside other
    /// handlers too. A primary handler of another kind must not follow redirects, which would carry the client secret elsewhere.
    /// </remarks>
    public IHttpClientBuilder Backchannel { get; }
}
