using System.Net;
using Spid.Client;
using Spid.Client.Http;

namespace Spid.AotSmoke.Cases;

internal static class HandlerCases
{
    public static async Task AttachesTheTokenAsync()
    {
        using var host = new SmokeHost();

        using HttpResponseMessage first = await host.Messages.GetAsync(new Uri("/inbox", UriKind.Relative));
        using HttpResponseMessage second = await host.Messages.GetAsync(new Uri("/inbox", UriKind.Relative));

        Check.Equal(HttpStatusCode.OK, second.StatusCode);
        Check.Equal("Bearer token-1, Bearer token-1", string.Join(", ", host.Spid.Calls));
        Check.Equal(1, host.Spid.Forms.Count);
    }

    public static async Task AsksForTheScopeOfOneRequestAsync()
    {
        using var host = new SmokeHost();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/inbox");
        request.WithSpidScope("write:messages").WithSpidResource("https://other.example.com");

        using HttpResponseMessage response = await host.Messages.SendAsync(request);

        Check.Equal(HttpStatusCode.OK, response.StatusCode);
        Check.Equal("grant_type=client_credentials&scope=write:messages&resource=https://other.example.com", host.Spid.Forms.Single());
    }

    public static async Task RenewsAfterUnauthorizedAsync()
    {
        using var host = new SmokeHost();
        using HttpResponseMessage before = await host.Messages.GetAsync(new Uri("/inbox", UriKind.Relative));
        host.Spid.Revoke();

        using HttpResponseMessage after = await host.Messages.PostAsync(new Uri("/inbox", UriKind.Relative), new StringContent("hello"));

        Check.Equal(HttpStatusCode.OK, after.StatusCode);
        Check.Equal("Bearer token-1, Bearer token-1, Bearer token-3", string.Join(", ", host.Spid.Calls));
    }

    public static async Task RefusesAForeignOriginAsync()
    {
        using var host = new SmokeHost();

        SpidException exception = await Check.ThrowsAsync<SpidException>(() => host.Messages.GetAsync(new Uri("https://elsewhere.example.com/")));

        Check.Contains(".AddSpidTokenHandler(o => o.AllowedOrigins.Add(\"https://elsewhere.example.com\"))", exception.Message);
        Check.Equal(0, host.Spid.Calls.Count);
    }
}
