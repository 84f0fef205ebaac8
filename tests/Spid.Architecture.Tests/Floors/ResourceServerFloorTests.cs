using System.Reflection;
using NetArchTest.Rules;
using Spid.AspNetCore;
using Spid.ResourceServer;

namespace Spid.Architecture.Tests.Floors;

/// <summary>Which folder of Spid.ResourceServer may know which other one, and what knows Spid.ResourceServer.</summary>
internal sealed class ResourceServerFloorTests
{
    private const string Root = "Spid.ResourceServer";

    private static readonly string[] Floors = ["Claims", "Diagnostics", "Settings", "Keys", "Introspection", "Verification", "DependencyInjection"];

    private static Assembly ResourceServer => typeof(SpidVerifierOptions).Assembly;

    [TestCase("Claims", "")]
    [TestCase("Diagnostics", "")]
    [TestCase("Keys", "Diagnostics,Settings")]
    [TestCase("Introspection", "Claims,Diagnostics,Settings")]
    [TestCase("Verification", "Claims,Diagnostics,Settings,Keys,Introspection")]
    public void Folder_OfResourceServer_UsesOnlyTheFoldersItMay(string folder, string allowed)
    {
        string[] forbidden = [.. Floors.Except([folder, .. allowed.Split(',')]).Select(name => $"{Root}.{name}")];

        TestResult result = Types.InAssembly(ResourceServer).That().ResideInNamespace($"{Root}.{folder}").ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Empty);
    }

    [TestCase("Keys", "Settings")]
    [TestCase("Verification", "Keys")]
    [TestCase("Verification", "Introspection")]
    public void Folder_OfResourceServer_UsesTheOneBelow(string folder, string below)
    {
        // The proof that the rule above sees dependencies at all.
        TestResult result = Types.InAssembly(ResourceServer).That().ResideInNamespace($"{Root}.{folder}").ShouldNot().HaveDependencyOnAny($"{Root}.{below}").GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Not.Empty);
    }

    [Test]
    public void Folders_OfResourceServer_AreThoseOfTheTable()
    {
        string[] folders = [.. ResourceServer.GetTypes()
            .Select(type => type.Namespace)
            .Where(name => name?.StartsWith(Root + ".", StringComparison.Ordinal) == true)
            .Select(name => name![(Root.Length + 1)..])
            .Distinct()];

        Assert.That(folders, Is.EquivalentTo(Floors));
    }

    [Test]
    public void ResourceServer_References_NoAspNetCore()
    {
        string[] references = [.. ResourceServer.GetReferencedAssemblies().Select(reference => reference.Name!)];

        Assert.That(references, Has.None.StartsWith("Microsoft.AspNetCore").And.Contains("Spid.Client"));
    }

    [Test]
    public void AspNetCore_References_TheVerifierAndItsPublicTypesOnly()
    {
        string[] friends = [.. ResourceServer.GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value!)];
        string[] references = [.. typeof(SpidBearerOptions).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)];

        Assert.That(friends, Does.Not.Contain("Spid.AspNetCore"));
        Assert.That(references, Does.Contain(Root).And.Not.Contain("Duende.IdentityModel"));
    }
}
