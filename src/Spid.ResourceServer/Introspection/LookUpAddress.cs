namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Puts the token into the address of a look-up at the last moment, and takes it out again. Whatever writes addresses down on the way
/// (the platform's logs and event sources, handlers of the application, messages of exceptions) sees one without it.
/// </summary>
internal sealed class LookUpAddress : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<string> Token = new("Spid.ResourceServer.LookUp");

    /// <summary>Makes a request whose address has the token only where it is sent.</summary>
    public static HttpRequestMessage CreateRequest(Uri endpoint, string token)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, endpoint);
        message.Options.Set(Token, token);
        return message;
    }

    /// <summary>
    /// Says whether a token may stand in an address. SPiD's opaque tokens are 40 hexadecimal digits. Dots and slashes, escaped or not,
    /// have a meaning in paths, and long addresses are refused: the token of an unauthenticated caller must not lead elsewhere, nor look like an outage.
    /// </summary>
    public static bool Takes(ReadOnlySpan<char> token) => token.Length <= 512 && token.IndexOfAny('.', '/') < 0;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Token, out string? token))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        Uri withoutToken = request.RequestUri!;
        request.RequestUri = new Uri($"{withoutToken.AbsoluteUri}/{Uri.EscapeDataString(token)}/authentication");
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = withoutToken;
        }
    }
}
