using NetArchTest.Rules;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Floors;

/// <summary>Which folder of Spid.Client may know which other one.</summary>
internal sealed class ClientFloorTests
{
    private const string Root = "Spid.Client";

    /// <summary>From the lowest floor to the highest; <c>Registration</c> registers clients at SPiD and stands beside <c>Http</c>.</summary>
    private static readonly string[] Floors = ["Diagnostics", "Settings", "Protocol", "Tokens", "Http", "Registration", "DependencyInjection"];

    [TestCase("", "")]
    [TestCase("Diagnostics", "")]
    [TestCase("Settings", "")]
    [TestCase("Protocol", "Diagnostics,Settings")]
    [TestCase("Tokens", "Diagnostics,Settings,Protocol")]
    [TestCase("Http", "Diagnostics,Settings,Protocol,Tokens")]
    [TestCase("Registration", "Diagnostics,Settings,Protocol,Tokens")]
    [TestCase("DependencyInjection", "Diagnostics,Settings,Protocol,Tokens,Http,Registration")]
    public void Folder_OfClient_UsesOnlyTheFoldersItMay(string folder, string allowed)
    {
        string[] forbidden = [.. Floors.Except([folder, .. allowed.Split(',')]).SelectMany(NamesOf)];

        TestResult result = TypesOf(folder).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Empty);
    }

    [TestCase("Protocol", "Settings")]
    [TestCase("Tokens", "Protocol")]
    [TestCase("Http", "Tokens")]
    [TestCase("DependencyInjection", "Http")]
    public void Folder_OfClient_UsesTheOneBelow(string folder, string below)
    {
        // The proof that the rule above sees dependencies at all.
        TestResult result = TypesOf(folder).ShouldNot().HaveDependencyOnAny(NamesOf(below)).GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Not.Empty);
    }

    [Test]
    public void Folders_OfClient_AreThoseOfTheTable()
    {
        string[] folders = [.. Shipped.Client.GetTypes()
            .Select(type => type.Namespace)
            .Where(name => name?.StartsWith(Root + ".", StringComparison.Ordinal) == true)
            .Select(name => name![(Root.Length + 1)..])
            .Distinct()];

        Assert.That(folders, Is.SubsetOf(Floors).And.Not.Empty);
    }

    [Test]
    public void Client_References_NoAspNetCore()
    {
        string[] references = [.. Shipped.Client.GetReferencedAssemblies().Select(reference => reference.Name!)];

        Assert.That(references, Has.None.StartsWith("Microsoft.AspNetCore").And.Not.Empty);
    }

    [Test]
    public void Shipped_InternalsVisibleTo_NamesTestsAndBenchmarksOnly()
    {
        string[] shipped = [.. Shipped.Assemblies.Select(assembly => assembly.GetName().Name!)];
        string[] friends = [.. Shipped.Assemblies
            .SelectMany(assembly => assembly.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => ((string)attribute.ConstructorArguments[0].Value!).Split(',')[0])];

        Assert.That(friends, Is.Not.Empty.And.Not.SupersetOf(shipped).And.All.Match("(Tests|Benchmarks)$"));
    }

    private static PredicateList TypesOf(string folder) => folder switch
    {
        "" => Types.InAssembly(Shipped.Client).That().ResideInNamespaceMatching($"^{Root}$"),
        "DependencyInjection" => Types.InAssembly(Shipped.Client).That()
            .ResideInNamespace($"{Root}.{folder}").Or().ResideInNamespace("Microsoft.Extensions.DependencyInjection"),
        _ => Types.InAssembly(Shipped.Client).That().ResideInNamespace($"{Root}.{folder}"),
    };

    /// <summary>The extensions of the top floor sit in a namespace of the platform, so they go by their own names.</summary>
    private static string[] NamesOf(string folder) => folder == "DependencyInjection"
        ? [$"{Root}.{folder}", .. Shipped.Client.GetTypes().Where(type => type.Namespace == "Microsoft.Extensions.DependencyInjection").Select(type => type.FullName!)]
        : [$"{Root}.{folder}"];
}
