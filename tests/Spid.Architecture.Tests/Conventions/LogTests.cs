using System.Reflection;
using Microsoft.Extensions.Logging;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Conventions;

/// <summary>Log events are found by id and name, so both mean one thing for good.</summary>
internal sealed class LogTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    [Test]
    public void LogEvents_OfAllAssemblies_HaveIdsAndNamesOfTheirOwn()
    {
        LoggerMessageAttribute[] events = [.. Shipped.Types
            .SelectMany(type => type.GetMethods(Any))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()];

        Assert.That(events, Has.Length.GreaterThan(10));
        Assert.That(events.Select(entry => entry.EventId), Is.Unique.And.All.GreaterThan(0));
        Assert.That(events.Select(entry => entry.EventName), Is.Unique.And.All.Not.Empty.And.All.Not.Null);
    }
}
