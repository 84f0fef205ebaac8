using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client;
using Spid.Client.Tokens;

namespace Spid.AotSmoke.Cases;

internal static class ConfigurationCases
{
    public static async Task BindsTheSectionAsync()
    {
        using var host = new SmokeHost();

        await host.StartAsync();
        ServerToken token = await host.Tokens.GetTokenAsync();

        Check.Equal("token-1", token.AccessToken);
        Check.Equal("grant_type=client_credentials&scope=read:messages&resource=https://messages.example.com", host.Spid.Forms.Single());
    }

    public static async Task ServesANamedClientAsync()
    {
        using var host = new SmokeHost();

        _ = await host.Services.GetRequiredKeyedService<ISpidTokenProvider>("payments").GetTokenAsync();

        Check.Equal("grant_type=client_credentials&scope=write:payments", host.Spid.Forms.Single());
    }

    public static async Task WordsEveryFaultAsync()
    {
        using var host = new SmokeHost(("Spid:ClientId", ""), ("Spid:Cache:RefreshAfter", "2"), ("Spid:Resilience:AttemptTimeout", "01:00:00"));

        OptionsValidationException exception = await Check.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Check.Contains("ClientId is missing: set it to the client id that SPiD self service shows.", exception.Message);
        Check.Contains("SpidClientOptions.Cache.RefreshAfter must be between 0.1 and 0.95.", exception.Message);
        Check.Contains("Resilience.AttemptTimeout is 01:00:00: set it to a duration from 00:00:00.1000000 to 00:10:00.", exception.Message);
    }

    public static async Task NamesKeysWithoutEffectAsync()
    {
        using var host = new SmokeHost(("Spid:Scopes", "read:messages"), ("Spid:Cache:RefreshAfer", "0.5"), ("Spid:Parameters", "tenant"), ("Payments:ClientAuthentication", "Post"));

        AggregateException exception = await Check.ThrowsAsync<AggregateException>(host.StartAsync);

        Check.Contains("Spid:Scopes is not an option: the options are AllowPlainHttp, Authority, Cache, ClientAuthentication, ClientId, ClientSecret, Environment, Parameters, RegistrationEndpoint, Resilience,", exception.Message);
        Check.Contains("Spid:Cache:RefreshAfer is not an option: the options are ExpiryMargin, MaximumEntries, RefreshAfter, RefreshJitter, RenewalPause. (options of the default SPiD client)", exception.Message);
        Check.Contains("Spid:Parameters is one value, but Parameters has parts: write for example Spid:Parameters:Name.", exception.Message);
        Check.Contains("Payments:ClientAuthentication is unknown: set it to Basic, BasicFormEncoded, Body. (options of SPiD client 'payments')", exception.Message);
    }

    public static async Task NamesKeysOfAHandlerWithoutEffectAsync()
    {
        using var host = new SmokeHost(("Messages:Resourses", "https://messages.example.com"), ("Archive:Resources", "https://archive.example.com"));

        AggregateException exception = await Check.ThrowsAsync<AggregateException>(host.StartAsync);

        Check.Contains("Messages:Resourses is not an option", exception.Message);
        Check.Contains("Archive:Resources is one value, but Resources is a list: write Archive:Resources:0.", exception.Message);
    }

    public static async Task KeepsValidOptionsAsync()
    {
        using var host = new SmokeHost();
        await host.StartAsync();
        ServerToken before = await host.Tokens.GetTokenAsync();
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();

        configuration["Spid:ClientId"] = "";
        configuration.Reload();
        ServerToken after = await host.Tokens.GetTokenAsync();

        Check.Equal(before.AccessToken, after.AccessToken);
        Check.Equal("4e8463569caf7ca019000007", host.Services.GetRequiredService<IOptionsMonitor<SpidClientOptions>>().CurrentValue.ClientId!);
    }
}
