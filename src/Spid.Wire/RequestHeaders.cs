using System.Net.Http.Headers;
using System.Reflection;

namespace Spid.Wire;

/// <summary>The headers that every request to SPiD carries.</summary>
internal static class RequestHeaders
{
    private static readonly string UserAgent = new ProductInfoHeaderValue(typeof(RequestHeaders).Assembly.GetName().Name!, ReadVersion()).ToString();

    public static void AddTo(HttpRequestMessage message, bool sendOidcHeader)
    {
        if (message.Headers.Accept.Count == 0)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        }

        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (sendOidcHeader)
        {
            // Selects SPiD's newer token service; every maintained Schibsted SDK sends it.
            message.Headers.TryAddWithoutValidation("X-OIDC", "v1");
        }
    }

    private static string ReadVersion() => typeof(RequestHeaders).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
