using System.Reflection;
using System.Runtime.CompilerServices;
using Spid.Client;

namespace Spid.Architecture.Tests.Shared;

/// <summary>The compiled projects of the source folder.</summary>
internal static class Shipped
{
    public static Assembly Client { get; } = typeof(SpidClientOptions).Assembly;

    /// <summary>Gets the assembly of each project; one that the tests do not reference fails to load.</summary>
    public static Assembly[] Assemblies { get; } =
    [
        .. Repository.Files("src", "*.csproj").Select(project => Assembly.Load(Path.GetFileNameWithoutExtension(project))),
    ];

    /// <summary>Gets the types that somebody wrote.</summary>
    public static Type[] Types { get; } = [.. Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsWritten)];

    /// <summary>Gets the types that users see.</summary>
    public static Type[] PublicTypes { get; } = [.. Types.Where(type => type.IsVisible)];

    private static bool IsWritten(Type type)
    {
        for (Type? level = type; level is not null; level = level.DeclaringType)
        {
            if (level.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                || level.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
                || level.Name.StartsWith('<'))
            {
                return false;
            }
        }

        // The compiler puts a few types of the platform into an assembly, and the coverage collector one of its own.
        return type.Namespace?.Split('.')[0] is not ("System" or "Coverlet");
    }
}
