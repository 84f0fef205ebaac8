using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Spid.Testing;

namespace QuickStart;

/// <summary>A service that answers nobody without a server token: it asks SPiD about each token it is shown.</summary>
internal sealed class MessagesApi : IAsyncDisposable
{
    private readonly WebApplication _application;

    private MessagesApi(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.First());

    public static async Task<MessagesApi> StartAsync(SpidServer spid)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");

        HttpClient introspection = CreateIntrospectionClient(spid);
        application.MapGet("/messages", async (HttpContext context) =>
            await IsActiveAsync(introspection, context.Request.Headers.Authorization.ToString(), context.RequestAborted)
                ? Results.Ok(new[] { "Hello from the other side" })
                : Results.Unauthorized());

        await application.StartAsync();
        return new MessagesApi(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static HttpClient CreateIntrospectionClient(SpidServer spid)
    {
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{spid.ClientId}:{spid.ClientSecret}"));
        return new HttpClient
        {
            BaseAddress = spid.BaseAddress,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", credentials) },
        };
    }

    private static async Task<bool> IsActiveAsync(HttpClient introspection, string authorization, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header) || header is not { Scheme: "Bearer", Parameter: { } token })
        {
            return false;
        }

        using var form = new FormUrlEncodedContent([new("token", token)]);
        using HttpResponseMessage response = await introspection.PostAsync("/oauth/introspect", form, cancellationToken);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
        return answer.RootElement.GetProperty("active").GetBoolean();
    }
}
