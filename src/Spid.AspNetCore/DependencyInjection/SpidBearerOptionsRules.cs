using Microsoft.Extensions.Options;
using Spid.AspNetCore.Metadata;

namespace Spid.AspNetCore.DependencyInjection;

/// <summary>What is wrong with the options that only the authentication scheme has; the verifier checks the others.</summary>
internal sealed class SpidBearerOptionsRules : IValidateOptions<SpidBearerOptions>
{
    public ValidateOptionsResult Validate(string? name, SpidBearerOptions options)
    {
        string[] errors = [.. FindErrors(options).Select(error => OptionsOwner.Mark(error, typeof(SpidBearerOptions), name))];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> FindErrors(SpidBearerOptions options)
    {
        // RFC 6750 section 3 has these characters for what stands between quotes.
        if (string.IsNullOrEmpty(options.Realm) || options.Realm.Any(letter => letter is < ' ' or '"' or '\\' or > '~'))
        {
            yield return "Realm is empty or has characters other than printable ASCII without quotes and backslashes: it is sent in a header.";
        }

        if (!Enum.IsDefined(options.FailureMapping))
        {
            yield return "FailureMapping is unknown: set it to Spid or Rfc6750.";
        }

        if (options.Events is null)
        {
            yield return "Events is null: leave it as it is, or set the events that are wanted.";
        }

        if (options.Resource is { } resource && !ResourceMetadata.IsResource(resource))
        {
            yield return "Resource is no https URI without a fragment (RFC 9728 section 1.2); http is for this machine only.";
        }

        foreach (string path in options.QueryTokenPaths)
        {
            // Compared with whole segments of a decoded path, so that none of these would ever match.
            if (!path.StartsWith('/') || path.EndsWith('/') || path.AsSpan().ContainsAny("?#%*"))
            {
                yield return $"QueryTokenPaths has '{path}': name a path below the root as it stands, with a slash at its beginning and none at its end, such as /hubs.";
            }
        }
    }
}
