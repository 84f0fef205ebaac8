using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Spid.ResourceServer.Settings;

/// <summary>Lists every error of the options of a verifier at once, in words that name the option and the cure.</summary>
/// <param name="services">Tells what is registered; <see langword="null"/> where the container cannot tell.</param>
/// <param name="sources">Tell which sections options are bound to.</param>
internal sealed class VerificationOptionsRules<TOptions>(
    IServiceProviderIsService? services = null, IEnumerable<IOptionsChangeTokenSource<TOptions>>? sources = null) : IValidateOptions<TOptions>
    where TOptions : SpidVerificationOptions
{
    private const string MissingStore = "Cache.Distributed needs an IDistributedCache in the container: register one, such as AddStackExchangeRedisCache.";

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        string[] errors =
        [
            .. AddressErrors(options),
            .. EnumErrors(options),
            .. CredentialRules.FindIdErrors(options.ClientId, options.ClientAuthentication),
            .. CredentialRules.FindSecretErrors(nameof(options.ClientSecret), options.ClientSecret),
            .. ModeErrors(options),
            .. AudienceErrors(options),
            .. LookUpErrors(options),
            .. ListErrors(options),
            .. VerificationRanges.FindErrors(options),
            .. options.Cache.Distributed && services?.IsService(typeof(IDistributedCache)) == false ? [MissingStore] : Array.Empty<string>(),
        ];
        if (errors.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        errors = EmptySection.Explain(errors, ConfiguredSections<TOptions>.FindEmpty(name, sources), nameof(options.Environment), $"{nameof(options.Audiences)}:0");
        return ValidateOptionsResult.Fail(errors.Select(error => OptionsOwner.Mark(error, typeof(TOptions), name)));
    }

    private static IEnumerable<string> AddressErrors(SpidVerificationOptions options) =>
    [
        .. AuthorityRules.FindErrors(options.Environment, options.Authority, options.AllowPlainHttp),
        .. EndpointRules.FindErrors(
            options.AllowPlainHttp,
            (nameof(options.IntrospectionEndpoint), options.IntrospectionEndpoint),
            (nameof(options.JwksEndpoint), options.JwksEndpoint),
            (nameof(options.LookUpEndpoint), options.LookUpEndpoint),
            (nameof(options.TokenEndpoint), options.TokenEndpoint)),
        .. options.LookUpEndpoint is { IsAbsoluteUri: true, Query.Length: > 0 } ? ["LookUpEndpoint has a query: write the address alone, the token is appended to it."] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> EnumErrors(SpidVerificationOptions options)
    {
        if (!Enum.IsDefined(options.Mode))
        {
            yield return "Mode is unknown: set it to Auto, Remote or Local.";
        }

        if (!Enum.IsDefined(options.AudienceCheck))
        {
            yield return "AudienceCheck is unknown: set it to Required or None.";
        }

        if (!Enum.IsDefined(options.ClientAuthentication))
        {
            yield return "ClientAuthentication is unknown: set it to Basic, BasicFormEncoded or Body.";
        }
    }

    private static IEnumerable<string> ModeErrors(SpidVerificationOptions options)
    {
        bool hasId = !string.IsNullOrEmpty(options.ClientId);
        bool hasSecret = !string.IsNullOrEmpty(options.ClientSecret);
        if (hasId != hasSecret && options.Mode != SpidVerificationMode.Local)
        {
            yield return hasId
                ? "ClientSecret is missing: set it by way of a secret store, or leave out ClientId as well and verify locally only."
                : "ClientId is missing: set it to the client id that SPiD self service shows, or leave out ClientSecret as well and verify locally only.";
            yield break;
        }

        if (options.Mode == SpidVerificationMode.Remote && !hasId)
        {
            yield return "ClientId and ClientSecret are missing: SPiD answers introspection (Mode = Remote) to its clients only.";
        }

        if (options.Mode == SpidVerificationMode.Local || !hasId)
        {
            string[] needing =
            [
                .. options.AcceptUserTokens && options.Mode != SpidVerificationMode.Local ? [nameof(options.AcceptUserTokens)] : Array.Empty<string>(),
                .. options.IntrospectOpaqueTokens ? [nameof(options.IntrospectOpaqueTokens)] : Array.Empty<string>(),
                .. options.LookUpOpaqueTokens ? [nameof(options.LookUpOpaqueTokens)] : Array.Empty<string>(),
                .. options.ConfirmRemotely is not null ? [nameof(options.ConfirmRemotely)] : Array.Empty<string>(),
                .. options.SelfTest ? [nameof(options.SelfTest)] : Array.Empty<string>(),
                .. options.Cache.Distributed ? ["Cache.Distributed"] : Array.Empty<string>(),
            ];
            foreach (string option in needing)
            {
                yield return $"{option} needs introspection: set ClientId and ClientSecret, and Mode to Auto or Remote.";
            }
        }
    }

    private static IEnumerable<string> AudienceErrors(SpidVerificationOptions options)
    {
        if (options.AudienceCheck == SpidAudienceCheck.Required && options.Audiences.Count == 0)
        {
            yield return "Audiences is empty: add the URI that this service has in SPiD self service, or set AudienceCheck to None to accept tokens that were issued for any service.";
        }

        if (options.AudienceCheck == SpidAudienceCheck.None && options.Audiences.Count > 0)
        {
            yield return "Audiences is set, but AudienceCheck is None: keep the one that is meant.";
        }
    }

    private static IEnumerable<string> LookUpErrors(SpidVerificationOptions options)
    {
        if (options is { LookUpOpaqueTokens: true, IntrospectOpaqueTokens: true })
        {
            yield return "LookUpOpaqueTokens and IntrospectOpaqueTokens are both set: keep the one that is meant.";
        }

        if (options is { LookUpOpaqueTokens: true, AudienceCheck: SpidAudienceCheck.Required })
        {
            yield return "LookUpOpaqueTokens needs AudienceCheck to be None: the answer does not say which service a token is for.";
        }
    }

    private static IEnumerable<string> ListErrors(SpidVerificationOptions options)
    {
        foreach ((string option, IList<string> list) in new[]
        {
            (nameof(options.Audiences), options.Audiences), (nameof(options.Issuers), options.Issuers), (nameof(options.AllowedClients), options.AllowedClients),
        })
        {
            if (list.Any(entry => string.IsNullOrWhiteSpace(entry) || entry.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))))
            {
                yield return $"{option} has an entry that is empty or has white space in it: each is compared as it stands.";
            }
        }

        foreach (string algorithm in options.Algorithms)
        {
            if (algorithm is not ("RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512"))
            {
                yield return $"Algorithms has '{algorithm}': only RS256, RS384, RS512, PS256, PS384 and PS512 can be verified with the keys that SPiD publishes.";
            }
        }
    }
}
