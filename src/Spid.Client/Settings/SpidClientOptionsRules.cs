using Microsoft.Extensions.Options;

namespace Spid.Client.Settings;

/// <summary>Lists every error at once: what the attributes say, and what takes more than one property or an attribute cannot say.</summary>
internal sealed class SpidClientOptionsRules : IValidateOptions<SpidClientOptions>
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
        string client = string.IsNullOrEmpty(name) ? "the default SPiD client" : $"SPiD client '{name}'";
        IEnumerable<string> attributeErrors = new SpidClientOptionsValidator().Validate(name, options).Failures ?? [];
        string[] errors = [.. attributeErrors, .. AuthorityErrors(options), .. CredentialErrors(options), .. RequestErrors(options), .. DurationRules.FindErrors(options)];
        return errors.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => $"{error} (options of {client})"));
    }

    private static IEnumerable<string> AuthorityErrors(SpidClientOptions options)
    {
        if (options.Environment is null && options.Authority is null)
        {
            yield return "Environment is missing: set it to International, Norway, Finland, Denmark or PreProduction, or set Authority to a base URL.";
        }
        else if (options.Environment is not null && options.Authority is not null)
        {
            yield return "Environment and Authority are both set: keep the one that is meant.";
        }
        else if (options.Environment is { } environment && !Enum.IsDefined(environment))
        {
            yield return "Environment is unknown: set it to International, Norway, Finland, Denmark or PreProduction.";
        }
        else if (options.Authority is { } authority && AuthorityError(authority) is { } error)
        {
            yield return error;
        }
    }

    private static string? AuthorityError(Uri authority)
    {
        if (!authority.IsAbsoluteUri || authority.Scheme is not ("https" or "http"))
        {
            return "Authority is not an https URL: set it to a base URL such as https://identity-pre.schibsted.com.";
        }

        if (authority.Scheme == "http" && !authority.IsLoopback)
        {
            return $"Authority uses http for {authority.Host}: write https. Plain http is for loopback only, because requests carry the client secret.";
        }

        if (authority.UserInfo.Length > 0 || authority.Query.Length > 0 || authority.Fragment.Length > 0)
        {
            return "Authority has user info, a query or a fragment: write the base URL alone.";
        }

        if (authority.AbsolutePath.Contains("/oauth", StringComparison.Ordinal))
        {
            return "Authority has the path of an endpoint: write the base URL alone, /oauth/token is appended.";
        }

        return Authorities.ReplacementFor(authority) is { } replacement
            ? $"Authority names {authority.Host}, which SPiD has switched off: use {replacement} instead."
            : null;
    }

    private static IEnumerable<string> CredentialErrors(SpidClientOptions options)
    {
        if (options.ClientId is { } id && id.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            yield return "ClientId has white space or control characters: copy it again from SPiD self service.";
        }

        if (options.ClientId?.Contains(':', StringComparison.Ordinal) == true && options.ClientAuthentication == SpidClientAuthentication.Basic)
        {
            yield return "ClientId has a colon, which Basic authentication cannot carry (RFC 7617 section 2): set ClientAuthentication to Body or BasicFormEncoded.";
        }

        foreach ((string option, string? secret) in new[] { (nameof(options.ClientSecret), options.ClientSecret), (nameof(options.SecondaryClientSecret), options.SecondaryClientSecret) })
        {
            if (secret is not null && secret.Any(char.IsControl))
            {
                yield return $"{option} has control characters, often a line end from a file: copy it again from SPiD self service.";
            }
            else if (secret is { Length: > 0 } && (char.IsWhiteSpace(secret[0]) || char.IsWhiteSpace(secret[^1])))
            {
                yield return $"{option} begins or ends with white space: copy it again from SPiD self service.";
            }
        }
    }

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
