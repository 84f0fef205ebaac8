using System.Reflection;
using Microsoft.Extensions.Options;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Conventions;

/// <summary>Options that nobody validates fail far away from where they were set.</summary>
internal sealed class OptionsTests
{
    [Test]
    public void OptionsTypes_OfTheTokenSide_HaveAValidator()
    {
        Type[] options = [.. Shipped.Client.GetExportedTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))];
        HashSet<Type> validated = [.. Shipped.Client.GetTypes().Where(type => type.IsClass).SelectMany(ValidatedBy)];

        // The options inside validated ones are validated with them.
        foreach (Type part in validated.SelectMany(PartsOf).ToArray())
        {
            validated.Add(part);
        }

        Assert.That(options, Has.Length.GreaterThan(3));
        Assert.That(options.Except(validated), Is.Empty);
    }

    private static IEnumerable<Type> ValidatedBy(Type type) => type.GetInterfaces()
        .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
        .Select(contract => contract.GetGenericArguments()[0]);

    private static IEnumerable<Type> PartsOf(Type type) => type.GetProperties()
        .Where(property => property.IsDefined(typeof(ValidateObjectMembersAttribute)))
        .Select(property => property.PropertyType);
}
