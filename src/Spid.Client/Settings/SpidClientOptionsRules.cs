using Microsoft.Extensions.Options;

namespace Spid.Client.Settings;

/// <summary>Lists every error at once: what the attributes say, and what takes more than one property or an attribute cannot say.</summary>
/// <param name="sources">Tell which sections options are bound to; <see langword="null"/> without a host.</param>
internal sealed class SpidClientOptionsRules(IEnumerable<IOptionsChangeTokenSource<SpidClientOptions>>? sources = null) : IValidateOptions<SpidClientOptions>
{
    /// <summary>Runs the rules for a client that is made without a host.</summary>
    /// <exception cref="OptionsValidationException">The options cannot work; the message names each fault.</exception>
    public static void ThrowIfInvalid(string name, SpidClientOptions options)
    {
        ValidateOptionsResult result = new SpidClientOptionsRules().Validate(name, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(name, typeof(SpidClientOptions), result.Failures);
        }
    }

    public ValidateOptionsResult Validate(string? name, SpidClientOptions options)
    {
        string[] errors = [.. AttributeErrors(name, options), .. AddressErrors(options), .. CredentialErrors(options), .. RequestErrors(options), .. DurationRules.FindErrors(options)];
        if (errors.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        errors = EmptySection.Explain(
            errors,
            ConfiguredSections<SpidClientOptions>.FindEmpty(name, sources),
            nameof(options.Environment),
            nameof(options.ClientId),
            nameof(options.ClientSecret));
        return ValidateOptionsResult.Fail(errors.Select(error => OptionsOwner.Mark(error, typeof(SpidClientOptions), name)));
    }

    /// <summary>The generated code puts the name of the property in front, and each message has it already.</summary>
    private static IEnumerable<string> AttributeErrors(string? name, SpidClientOptions options) =>
        (new SpidClientOptionsValidator().Validate(name, options).Failures ?? []).Select(failure => failure[(failure.IndexOf(": ", StringComparison.Ordinal) + 2)..]);

    private static IEnumerable<string> AddressErrors(SpidClientOptions options) =>
    [
        .. AuthorityRules.FindErrors(options.Environment, options.Authority, options.AllowPlainHttp),
        .. EndpointRules.FindErrors(
            options.AllowPlainHttp, (nameof(options.TokenEndpoint), options.TokenEndpoint), (nameof(options.RegistrationEndpoint), options.RegistrationEndpoint)),
    ];

    private static IEnumerable<string> CredentialErrors(SpidClientOptions options) =>
    [
        .. CredentialRules.FindIdErrors(options.ClientId, options.ClientAuthentication),
        .. CredentialRules.FindSecretErrors(nameof(options.ClientSecret), options.ClientSecret),
        .. CredentialRules.FindSecretErrors(nameof(options.SecondaryClientSecret), options.SecondaryClientSecret),
    ];

    private static IEnumerable<string> RequestErrors(SpidClientOptions options)
    {
        if (TokenRequest.FindScopeError(options.Scope) is { } scopeError)
        {
            yield return $"Scope cannot be sent: {scopeError}.";
        }

        foreach (string resource in options.Resources)
        {
            if (TokenRequest.FindResourceError(resource) is { } error)
            {
                yield return $"Resources has '{resource}', which cannot be sent: {error}.";
            }
        }

        foreach (string parameter in options.Parameters.Keys)
        {
            if (TokenRequest.FindParameterError(parameter) is { } error)
            {
                yield return $"Parameters cannot be sent: {error}.";
            }
        }
    }
}
