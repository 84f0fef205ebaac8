namespace Spid.FirstToken.Subjects;

/// <summary>The limit: a program that has its token, and an HTTP client.</summary>
internal static class Subject
{
    public static Task<string> GetTokenAsync(HttpMessageHandler endpoint)
    {
        using var http = new HttpClient(endpoint, disposeHandler: false);
        return Task.FromResult(Endpoint.AccessToken);
    }
}
