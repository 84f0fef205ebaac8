using Microsoft.Extensions.DependencyInjection;
using Spid.Client;
using Spid.Client.Http;

namespace Spid.Benchmarks.Rivals;

/// <summary>This library in a factory-made <see cref="HttpClient"/>.</summary>
internal sealed class SpidRival : IRival
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private readonly TokenRequest[] _requests = [.. Enumerable.Range(0, 10).Select(number => new TokenRequest($"read-{number}"))];

    public SpidRival(World world, TimeProvider? timeProvider = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(timeProvider ?? TimeProvider.System);
        services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new Passage(world)));
        services.AddSpidClientCredentials(options =>
        {
            (options.Environment, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, "4e8463569caf7ca019000007", "secret");
            options.Scope = "read";
        });
        services.AddHttpClient("service", client => client.BaseAddress = World.Service).AddSpidTokenHandler();
        _services = services.BuildServiceProvider();
        _http = _services.GetRequiredService<IHttpClientFactory>().CreateClient("service");
    }

    public string Name => "Spid.Client";

    public async Task<bool> CallAsync(int scope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, World.Service);
        if (scope > 0)
        {
            request.WithSpidToken(_requests[scope]);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        _services.Dispose();
    }
}
