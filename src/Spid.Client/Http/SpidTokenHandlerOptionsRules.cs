namespace Spid.Client.Http;

/// <summary>Finds everything in the options that cannot work.</summary>
internal static class SpidTokenHandlerOptionsRules
{
    private const long MaximumBuffer = 64 * 1024 * 1024;

    public static IEnumerable<string> FindErrors(SpidTokenHandlerOptions options)
    {
        if (TokenRequest.FindScopeError(options.Scope) is { } scopeError)
        {
            yield return $"Scope cannot be sent: {scopeError}.";
        }

        foreach (string resource in options.Resources)
        {
            if (TokenRequest.FindResourceError(resource) is { } error)
            {
                yield return $"Resources has '{resource}', which cannot be sent: {error}.";
            }
        }

        foreach (string origin in options.AllowedOrigins)
        {
            if (Origin.TryParse(origin, options.AllowPlainHttp, out _) is { } error)
            {
                yield return $"AllowedOrigins has '{WithoutSecrets(origin)}': {error}.";
            }
        }

        if (options.ReplayBufferLimit is < 0 or > MaximumBuffer)
        {
            yield return $"ReplayBufferLimit is {options.ReplayBufferLimit}: set it to a number of bytes from 0 to {MaximumBuffer}.";
        }
    }

    /// <summary>User info and query of a URL may hold credentials, and the message goes to a log.</summary>
    private static string WithoutSecrets(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        ? uri.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped)
        : origin;
}
