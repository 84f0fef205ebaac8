using System.Reflection;
using System.Runtime.CompilerServices;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Conventions;

/// <summary>What every type of the shipped assemblies keeps to.</summary>
internal sealed class TypeTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Test]
    public void Classes_NotAbstract_AreSealed()
    {
        Type[] classes = [.. Shipped.Types.Where(type => type.IsClass && !type.IsAbstract)];

        Assert.That(classes, Has.Length.GreaterThan(20));
        Assert.That(classes.Where(type => !type.IsSealed).Select(type => type.FullName), Is.Empty);
    }

    [Test]
    public void Fields_NotConstant_ArePublicNowhere()
    {
        FieldInfo[] fields = [.. Shipped.Types
            .Where(type => !type.IsEnum)
            .SelectMany(type => type.GetFields(Declared))
            .Where(field => !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)))];

        Assert.That(fields, Has.Length.GreaterThan(20));
        Assert.That(fields.Where(IsTooOpen).Select(field => $"{field.DeclaringType}.{field.Name}"), Is.Empty);
    }

    [Test]
    public void Methods_PublicAndAsynchronous_EndInAsyncAndTakeACancellationTokenLast()
    {
        MethodInfo[] methods = [.. Shipped.PublicTypes
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && IsAwaitable(method.ReturnType) && !method.IsSpecialName)];

        Assert.That(methods, Has.Length.GreaterThan(5));
        Assert.That(methods.Where(method => !KeepsTheForm(method)).Select(method => $"{method.DeclaringType}.{method.Name}"), Is.Empty);
    }

    [Test]
    public void Namespaces_OfTypes_AreThoseOfTheAssembly()
    {
        Type[] foreign = [.. Shipped.Types.Where(type => !(type.Namespace + ".").StartsWith(type.Assembly.GetName().Name + ".", StringComparison.Ordinal))];

        Assert.That(foreign, Is.Not.Empty);
        Assert.That(
            foreign.Where(type => type.IsVisible ? type.Namespace != "Microsoft.Extensions.DependencyInjection" : type.Namespace != "Spid.Wire").Select(type => type.FullName),
            Is.Empty);
    }

    /// <summary>A shared constant object of an internal type, such as a key, harms nobody; anything that users see, or that can be assigned, does.</summary>
    private static bool IsTooOpen(FieldInfo field) => field.DeclaringType!.IsVisible
        ? field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly
        : field.IsPublic && !(field.IsStatic && field.IsInitOnly);

    private static bool IsAwaitable(Type type) => typeof(Task).IsAssignableFrom(type)
        || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static bool KeepsTheForm(MethodInfo method) => method.Name.EndsWith("Async", StringComparison.Ordinal)
        && (method.Name == nameof(IAsyncDisposable.DisposeAsync) || method.GetParameters().LastOrDefault()?.ParameterType == typeof(CancellationToken));
}
