using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Spid.Client.DependencyInjection;

/// <summary>
/// Reads the <c>Address</c> of a client of the gRPC client factory, which keeps it in options of its own instead of the
/// <see cref="HttpClient"/>. Read by name, so that this library need not depend on gRPC.
/// </summary>
internal static class GrpcAddress
{
    private const string OptionsType = "Grpc.Net.ClientFactory.GrpcClientFactoryOptions, Grpc.Net.ClientFactory";
    private const string OptionsProperty = "Address";

    /// <summary>Gives the address, or <see langword="null"/> where there is no gRPC client of that name.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050:RequiresDynamicCode", Justification = "The argument is a class, for which native code is shared.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075:DynamicallyAccessedMembers", Justification = "Where the property has been trimmed there is no address, and the refusal says what to write.")]
    [UnconditionalSuppressMessage("Trimming", "IL2026:RequiresUnreferencedCode", Justification = "As above.")]
    public static Uri? Find(IServiceProvider services, string httpClientName)
    {
        if (Type.GetType(OptionsType, throwOnError: false) is not { } optionsType
            || services.GetService(typeof(IOptionsMonitor<>).MakeGenericType(optionsType)) is not { } monitor)
        {
            return null;
        }

        object? options = typeof(IOptionsMonitor<>).MakeGenericType(optionsType).GetMethod(nameof(IOptionsMonitor<object>.Get))?.Invoke(
            monitor, BindingFlags.DoNotWrapExceptions, binder: null, [httpClientName], culture: null);
        return optionsType.GetProperty(OptionsProperty)?.GetValue(options) as Uri;
    }
}
