using System.Net.Http.Headers;
using System.Reflection;
using Spid.Client.Settings;

namespace Spid.Client.Protocol;

/// <summary>The headers that every request to SPiD carries.</summary>
internal static class RequestHeaders
{
    private static readonly ProductInfoHeaderValue UserAgent = new("Spid.Client", ReadVersion());

    public static void AddTo(HttpRequestMessage message, ClientSettings settings)
    {
        if (message.Headers.Accept.Count == 0)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        }

        message.Headers.UserAgent.Add(UserAgent);
        if (settings.SendOidcHeader)
        {
            // Selects SPiD's newer token service; every maintained Schibsted SDK sends it.
            message.Headers.TryAddWithoutValidation("X-OIDC", "v1");
        }
    }

    private static string ReadVersion() => typeof(RequestHeaders).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
