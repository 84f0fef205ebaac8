namespace Spid.Client.Http;

/// <summary>Sets for a single request which SPiD token it carries.</summary>
public static class SpidRequestExtensions
{
    /// <summary>Asks for a token with other scopes than the client's.</summary>
    /// <param name="request">The request, before it is sent through a client with a SPiD token handler.</param>
    /// <param name="scope">The scopes, space separated.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentException"><paramref name="scope"/> is not of the form that RFC 6749 section 3.3 demands.</exception>
    public static HttpRequestMessage WithSpidScope(this HttpRequestMessage request, string scope)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        TokenRequest? current = RequestOverrides.Get(request).Token;
        return WithSpidToken(request, new(scope, current?.Resources ?? [], current?.Parameters ?? []));
    }

    /// <summary>Asks for a token for other resources than the client's.</summary>
    /// <param name="request">The request, before it is sent through a client with a SPiD token handler.</param>
    /// <param name="resources">The resource indicators.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentException">A resource is not of the form that RFC 8707 section 2 demands.</exception>
    public static HttpRequestMessage WithSpidResource(this HttpRequestMessage request, params string[] resources)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(resources);
        TokenRequest? current = RequestOverrides.Get(request).Token;
        return WithSpidToken(request, new(current?.Scope, resources, current?.Parameters ?? []));
    }

    /// <summary>Asks for the token that <paramref name="token"/> describes. Reuse one instance: looking it up again costs nothing.</summary>
    /// <param name="request">The request, before it is sent through a client with a SPiD token handler.</param>
    /// <param name="token">What is wanted; what it leaves out comes from the handler and the client.</param>
    /// <returns>The same request.</returns>
    public static HttpRequestMessage WithSpidToken(this HttpRequestMessage request, TokenRequest token)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(token);
        request.Options.Set(RequestOverrides.TokenKey, token);
        return request;
    }

    /// <summary>Sends the request without a SPiD token, to whatever origin.</summary>
    /// <param name="request">The request, before it is sent through a client with a SPiD token handler.</param>
    /// <returns>The same request.</returns>
    public static HttpRequestMessage WithoutSpidToken(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(RequestOverrides.WithoutTokenKey, true);
        return request;
    }
}
