using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Client;
using static OpenIddict.Client.OpenIddictClientModels;

namespace Spid.Benchmarks.Rivals;

/// <summary>OpenIddict.Client, which keeps no token either.</summary>
internal sealed class OpenIddictRival : IRival
{
    private readonly ServiceProvider _services;
    private readonly OpenIddictClientService _client;
    private readonly HttpClient _http;

    public OpenIddictRival(World world)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new Passage(world)));
        services.AddOpenIddict().AddClient(options =>
        {
            options.AllowClientCredentialsFlow().DisableTokenStorage().AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            options.UseSystemNetHttp();
            options.AddRegistration(new OpenIddictClientRegistration
            {
                Issuer = new Uri("https://identity-pre.schibsted.com/"),
                ClientId = "4e8463569caf7ca019000007",
                ClientSecret = "secret",
                Configuration = new OpenIddictConfiguration
                {
                    Issuer = new Uri("https://identity-pre.schibsted.com/"),
                    TokenEndpoint = new Uri("https://identity-pre.schibsted.com/oauth/token"),
                    GrantTypesSupported = { OpenIddictConstants.GrantTypes.ClientCredentials },
                    TokenEndpointAuthMethodsSupported = { OpenIddictConstants.ClientAuthenticationMethods.ClientSecretBasic },
                },
            });
        });
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<OpenIddictClientService>();
        _http = world.CreateClient();
    }

    public string Name => "OpenIddict.Client";

    public async Task<string> GetTokenAsync(string scope) =>
        (await _client.AuthenticateWithClientCredentialsAsync(new ClientCredentialsAuthenticationRequest { Scopes = [scope] })).AccessToken;

    public async Task<bool> CallAsync(int scope)
    {
        string token = await GetTokenAsync($"read-{scope}");
        using var request = new HttpRequestMessage(HttpMethod.Get, World.Service) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        _services.Dispose();
    }
}
