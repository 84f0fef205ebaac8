using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;

namespace Spid.Benchmarks.Report;

/// <summary>Where and with what the figures were found.</summary>
internal static class Surroundings
{
    private static readonly (string Package, Type Type)[] Packages =
    [
        ("Azure.Core", typeof(Azure.Core.TokenCredential)),
        ("Duende.IdentityModel", typeof(Duende.IdentityModel.Client.TokenResponse)),
        ("Microsoft.AspNetCore.Authentication.JwtBearer", typeof(Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler)),
        ("Microsoft.Identity.Client", typeof(Microsoft.Identity.Client.AuthenticationResult)),
        ("OpenIddict.Client and OpenIddict.Validation", typeof(OpenIddict.Client.OpenIddictClientService)),
        ("BenchmarkDotNet", typeof(BenchmarkDotNet.Attributes.BenchmarkAttribute)),
    ];

    public static Table Describe()
    {
        HostEnvironmentInfo host = HostEnvironmentInfo.GetCurrent();
        var table = new Table("", "");
        table.Add("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        table.Add("processor", $"{host.Cpu.Value?.ProcessorName ?? "unknown"}, {Environment.ProcessorCount} logical cores, {RuntimeInformation.ProcessArchitecture}");
        table.Add("system", RuntimeInformation.OSDescription);
        table.Add("runtime", RuntimeInformation.FrameworkDescription);
        foreach ((string package, Type type) in Packages)
        {
            table.Add(package, type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
        }

        return table;
    }
}
