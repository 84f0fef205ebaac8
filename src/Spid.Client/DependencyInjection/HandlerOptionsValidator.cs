using Microsoft.Extensions.Options;
using Spid.Client.Http;

namespace Spid.Client.DependencyInjection;

/// <summary>Checks a handler's options, and that the SPiD client it names is registered.</summary>
internal sealed class HandlerOptionsValidator(SpidClientRegistry registry) : IValidateOptions<SpidTokenHandlerOptions>
{
    public ValidateOptionsResult Validate(string? name, SpidTokenHandlerOptions options)
    {
        var errors = new List<string>();
        if (registry.ClientOf(name ?? "") is { } client && !registry.HasClient(client))
        {
            errors.Add(SpidClientRegistry.Missing(client).Message);
        }

        errors.AddRange(SpidTokenHandlerOptionsRules.FindErrors(options));
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => $"{error} (AddSpidTokenHandler of HttpClient '{name}')"));
    }
}
