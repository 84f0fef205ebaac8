using Microsoft.Extensions.Options;
using Spid.Client.Http;

namespace Spid.Client.DependencyInjection;

/// <summary>Checks a handler's options and the sections that they come from, and that the SPiD client it names is registered.</summary>
internal sealed class HandlerOptionsValidator(
    SpidClientRegistry registry, IEnumerable<IOptionsChangeTokenSource<SpidTokenHandlerOptions>> sources) : IValidateOptions<SpidTokenHandlerOptions>
{
    public ValidateOptionsResult Validate(string? name, SpidTokenHandlerOptions options)
    {
        var errors = new List<string>();
        if (registry.ClientOf(name ?? "") is { } client && !registry.HasClient(client))
        {
            errors.Add(SpidClientRegistry.Missing(client).Message);
        }

        // Nothing is required, so that without this a misspelt section would have no effect and the token another audience.
        if (ConfiguredSections<SpidTokenHandlerOptions>.FindEmpty(name, sources) is { } empty)
        {
            errors.Add(EmptySection.Describe(empty, nameof(options.Scope)));
        }

        errors.AddRange(ConfiguredSections<SpidTokenHandlerOptions>.Of(name, sources).SelectMany(HandlerSectionRules.Instance.FindErrorsOf).Distinct());
        errors.AddRange(SpidTokenHandlerOptionsRules.FindErrors(options));
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => $"{error} (AddSpidTokenHandler of HttpClient '{name}')"));
    }
}
