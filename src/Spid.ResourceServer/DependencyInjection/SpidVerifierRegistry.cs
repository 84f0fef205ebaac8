using Microsoft.Extensions.DependencyInjection;
using Spid.ResourceServer.Diagnostics;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>What has been registered in one service collection, so that registering twice equals registering once.</summary>
internal sealed class SpidVerifierRegistry
{
    private readonly Dictionary<string, Type> _verifiers = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Verifiers => _verifiers.Keys;

    public static SpidVerifierRegistry In(IServiceCollection services) => Registry.In<SpidVerifierRegistry>(services);

    public static string BackchannelName(string name) =>
        name.Length == 0 ? SpidVerificationDiagnostics.BackchannelName : $"{SpidVerificationDiagnostics.BackchannelName}:{name}";

    /// <summary>Words that a verifier is missing, and the line to write.</summary>
    public static InvalidOperationException Missing(string? name) => new(string.IsNullOrEmpty(name)
        ? name is null
            ? "There is not exactly one SPiD verifier: call services.AddSpidTokenVerifier(...) or AddSpidBearer(...), and name the one that is meant, \"\" being the one without a name."
            : "There is no default SPiD verifier: call services.AddSpidTokenVerifier(...), or name the authentication scheme that AddSpidBearer(...) registered."
        : $"There is no SPiD verifier '{name}': call services.AddSpidTokenVerifier(\"{name}\", ...) or AddSpidBearer(\"{name}\", ...).");

    /// <summary>Notes a verifier; <see langword="false"/> when it is known already.</summary>
    /// <exception cref="InvalidOperationException">It is known with options of another type.</exception>
    public bool Add(string name, Type options) => _verifiers.TryAdd(name, options)
        || (_verifiers[name] == options
            ? false
            : throw new InvalidOperationException($"There is a SPiD verifier '{name}' already, with {_verifiers[name].Name} where this one has {options.Name}: choose another name."));
}
