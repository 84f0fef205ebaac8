using System.Net;
using Microsoft.Extensions.Options;

namespace Spid.AotSmoke.Cases;

/// <summary>Edge case 100: a protected service as Native AOT, from its configuration section to its answers.</summary>
internal static class ApiCases
{
    public static async Task LetsAGoodTokenInAsync()
    {
        await using SmokeApi api = await SmokeApi.StartAsync();
        string token = api.Spid.Issue();

        using HttpResponseMessage first = await api.GetAsync("/messages", token);
        using HttpResponseMessage second = await api.GetAsync("/messages", token);

        Check.Equal("caller", await first.Content.ReadAsStringAsync());
        Check.Equal("caller", await second.Content.ReadAsStringAsync());
    }

    public static async Task RefusesAsync()
    {
        await using SmokeApi api = await SmokeApi.StartAsync();

        using HttpResponseMessage stranger = await api.GetAsync("/messages");
        using HttpResponseMessage caller = await api.GetAsync("/admin", api.Spid.Issue());

        Check.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Check.Equal(HttpStatusCode.Forbidden, caller.StatusCode);
        Check.Contains("scope=\"admin\"", caller.Headers.WwwAuthenticate.ToString());
    }

    public static async Task IntrospectsAsync()
    {
        await using SmokeApi api = await SmokeApi.StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/messages", api.Spid.Issue("HS256"));

        Check.Equal("introspected", await response.Content.ReadAsStringAsync());
    }

    public static async Task PublishesMetadataAsync()
    {
        await using SmokeApi api = await SmokeApi.StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/.well-known/oauth-protected-resource/api");

        Check.Contains("\"scopes_supported\":[\"read:messages\"]", await response.Content.ReadAsStringAsync());
    }

    public static async Task WordsEveryFaultAsync()
    {
        OptionsValidationException exception = await Check.ThrowsAsync<OptionsValidationException>(
            () => SmokeApi.StartAsync(("Audiences:0", null), ("Resource", "https://messages.example.com"), ("ClientSecret", null), ("ClockSkew", "01:00:00")));

        Check.Contains("Audiences has an entry that is empty", exception.Message);
        Check.Contains("ClientSecret is missing", exception.Message);
        Check.Contains("ClockSkew", exception.Message);
    }
}
