using Spid.Client;
using Spid.Client.Tokens;

namespace Spid.FirstToken.Subjects;

/// <summary>This library without a host.</summary>
internal static class Subject
{
    public static async Task<string> GetTokenAsync(HttpMessageHandler endpoint)
    {
        using var http = new HttpClient(endpoint, disposeHandler: false);
        using var client = new TokenClient(
            new SpidClientOptions { Environment = SpidEnvironment.PreProduction, ClientId = "4e8463569caf7ca019000007", ClientSecret = "secret", Scope = "read:messages" },
            http);
        return (await client.GetTokenAsync()).AccessToken;
    }
}
