using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Spid.ResourceServer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers verifiers of SPiD's access tokens.</summary>
public static class SpidTokenVerifierServiceCollectionExtensions
{
    /// <summary>Registers a named verifier that reads options of a type of its own, as an authentication scheme does.</summary>
    /// <typeparam name="TOptions">The type of the options, configured under the name of the verifier.</typeparam>
    /// <param name="services">The services to add to.</param>
    /// <param name="name">The name, which is the key of the services.</param>
    /// <returns>A builder for what is seldom needed.</returns>
    public static SpidTokenVerifierBuilder AddSpidTokenVerifier<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, string name)
        where TOptions : SpidVerificationOptions => throw new NotImplementedException();
}
