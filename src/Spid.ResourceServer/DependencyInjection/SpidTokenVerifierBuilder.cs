namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures one registered verifier further.</summary>
public sealed class SpidTokenVerifierBuilder
{
    internal SpidTokenVerifierBuilder(string name, IServiceCollection services, IHttpClientBuilder backchannel)
    {
        Name = name;
        Services = services;
        Backchannel = backchannel;
    }

    /// <summary>Gets the name of the verifier; empty for the default one.</summary>
    public string Name { get; }

    /// <summary>Gets the services that the verifier is registered in.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the builder of the <see cref="HttpClient"/> that talks to SPiD, for a proxy or a handler of your own.</summary>
    /// <remarks>A primary handler that replaces the built-in one must not follow redirects, which would carry the client secret elsewhere.</remarks>
    public IHttpClientBuilder Backchannel { get; }
}
